/** Longest free text, in characters; the chat counts down to the same number. */
export const LIMITE_TEXTE = 2_000;

const VISIBLE = /[^\s\p{Cf}]/u;

/** Length in characters, on both sides of the network: an emoji is one or a few, never twice as many. */
export const longueurTexte = (texte: string): number => [...texte].length;

/** Whether there is something to read: neither space nor the invisible characters some keyboards and copies leave. */
export const seLit = (texte: string): boolean => VISIBLE.test(texte);
