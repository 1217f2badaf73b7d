const ECRITURES: readonly { readonly langue: string; readonly motif: RegExp }[] = [
  { langue: 'ar', motif: /\p{Script=Arabic}/gu },
  { langue: 'ru', motif: /\p{Script=Cyrillic}/gu },
  { langue: 'zh', motif: /\p{Script=Han}/gu },
  { langue: 'el', motif: /\p{Script=Greek}/gu },
  { langue: 'hi', motif: /\p{Script=Devanagari}/gu },
  { langue: 'ta', motif: /\p{Script=Tamil}/gu },
  { langue: 'ka', motif: /\p{Script=Georgian}/gu },
];
/** Small words that hold a language together. Those shared with French (« on », « a », « me ») are left out on purpose. */
const OUTILS: Readonly<Record<string, ReadonlySet<string>>> = {
  fr: new Set(
    'je suis le les des une est pas vous nous mon ma mes pour dans avec qui que quoi sur mais ou et du au aux ai cherche veux voudrais travail depuis sans ce cette ne plus'.split(
      ' ',
    ),
  ),
  en: new Set(
    'i am the my you is are do not have want need looking for work find how what with please can help am im job and of to in this that would like where who speak english dont hello'.split(
      ' ',
    ),
  ),
  es: new Set(
    'yo soy estoy el los las una es no quiero trabajo busco para con por que donde como necesito ayuda tengo mi buenos hola hablo gracias en'.split(
      ' ',
    ),
  ),
  pt: new Set(
    'eu sou estou um uma nao quero trabalho procuro para com por que onde como preciso ajuda tenho meu minha ola obrigado emprego'.split(
      ' ',
    ),
  ),
  it: new Set(
    'io sono il gli una non voglio lavoro cerco per con che dove come ho bisogno aiuto mio mia ciao grazie di sto'.split(
      ' ',
    ),
  ),
  de: new Set(
    'ich bin der die das ein eine nicht will arbeit suche fur mit wo wie brauche hilfe habe mein meine hallo danke und'.split(
      ' ',
    ),
  ),
  tr: new Set('ben bir is ariyorum istiyorum var yok nasil nerede merhaba icin yardim'.split(' ')),
};

/** The language a text looks written in (ISO code), or `undefined` when it is French or nothing tells. `mots` are folded words. */
export function devinerLangue(texte: string, mots: readonly string[]): string | undefined {
  const lettres = texte.match(/\p{L}/gu)?.length ?? 0;
  for (const { langue, motif } of ECRITURES)
    if ((texte.match(motif)?.length ?? 0) > lettres / 2) return langue;
  if (mots.length < 2) return undefined;
  const compte = (langue: string): number => mots.filter((m) => OUTILS[langue]?.has(m) === true).length;
  const francais = compte('fr');
  let meilleure: { langue: string; n: number } | undefined;
  for (const langue of Object.keys(OUTILS)) {
    if (langue === 'fr') continue;
    const n = compte(langue);
    if (n > (meilleure?.n ?? 0)) meilleure = { langue, n };
  }
  if (meilleure === undefined || meilleure.n < 2) return undefined;
  return meilleure.n > francais + 1 || (francais === 0 && meilleure.n / mots.length > 0.4)
    ? meilleure.langue
    : undefined;
}
