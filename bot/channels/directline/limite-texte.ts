/** Longest free text, in characters; the chat counts down to the same number. */
export const LIMITE_TEXTE = 2_000;
