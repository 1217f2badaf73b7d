/** What the parts of the console borrow from its page. */
export type OutilsConsole = {
  readonly t: (cle: string, trous?: Readonly<Record<string, string>>) => string;
  /** Calls the API: a body makes it a write. @throws the refusal of the server, in its own words. */
  readonly appeler: (chemin: string, corps?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Says something in the page's status line. */
  readonly dire: (mots: string) => void;
};
