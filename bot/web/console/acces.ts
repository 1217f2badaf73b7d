/** How the page is let in when it is not by a cookie. Set by the Teams tab before the console starts; absent elsewhere. */
export type Acces = {
  /** Headers that prove who asks; signs in again when the session is about to end. @throws when it cannot. */
  entetes(): Promise<Readonly<Record<string, string>>>;
  /** The server did not know the session any more: the next call signs in again. */
  oublier(): void;
  /** The file the link that opened the tab names. */
  readonly demande: string | undefined;
};

const NOM = 'accesConsole';
export const donnerAcces = (acces: Acces): boolean => Reflect.set(globalThis, NOM, acces);
export const accesDonne = (): Acces | undefined => Reflect.get(globalThis, NOM) as Acces | undefined;
