/**
 * A refusal a route answers with: thrown inside a handler, written by the one error mapper (`serveur.ts`).
 * `message` is for a developer: never what a person typed, never a stack.
 */
export class ErreurHttp extends Error {
  override readonly name = 'ErreurHttp';
  readonly statut: number;
  readonly code: string;
  readonly entetes: Readonly<Record<string, string>>;

  constructor(statut: number, code: string, message: string, entetes: Readonly<Record<string, string>> = {}) {
    super(message);
    this.statut = statut;
    this.code = code;
    this.entetes = entetes;
  }
}
