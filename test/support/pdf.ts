import { inflateSync } from 'node:zlib';

/** An object of a PDF file: its dictionary as text, and its stream, inflated. */
type Objet = { readonly dictionnaire: string; readonly flux: string };

function lireObjets(pdf: Buffer): Map<number, Objet> {
  const texte = pdf.toString('latin1');
  const objets = new Map<number, Objet>();
  for (const m of texte.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const debut = m.index + m[0].length;
    const fin = texte.indexOf('endobj', debut);
    const marque = texte.indexOf('stream\n', debut);
    if (marque === -1 || marque > fin) {
      objets.set(Number(m[1]), { dictionnaire: texte.slice(debut, fin), flux: '' });
      continue;
    }
    // The length is taken from the dictionary: compressed bytes may well spell « endstream ».
    const dictionnaire = texte.slice(debut, marque);
    const longueur = Number(/\/Length (\d+)/.exec(dictionnaire)?.[1] ?? 0);
    const octets = pdf.subarray(marque + 'stream\n'.length, marque + 'stream\n'.length + longueur);
    const flux = dictionnaire.includes('/FlateDecode')
      ? inflateSync(octets).toString('latin1')
      : octets.toString('latin1');
    objets.set(Number(m[1]), { dictionnaire, flux });
  }
  return objets;
}

/** Glyph → characters, as the font's ToUnicode map says: what a screen reader or a copy would get. */
function lireCorrespondance(cmap: string): Map<string, string> {
  const sens = new Map<string, string>();
  const decoder = (hexa: string): string => Buffer.from(hexa, 'hex').swap16().toString('utf16le');
  for (const bloc of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const m of (bloc[1] ?? '').matchAll(/<([\da-f]+)>\s*<([\da-f]+)>\s*\[([^\]]*)\]/gi)) {
      let code = Number.parseInt(m[1] ?? '0', 16);
      for (const h of (m[3] ?? '').matchAll(/<([\da-f]+)>/gi))
        sens.set((code++).toString(16).padStart(4, '0'), decoder(h[1] ?? ''));
    }
  }
  return sens;
}

/** The words of a PDF made by our own writer, read back through its fonts' Unicode maps; white space folded. */
export function texteDuPdf(pdf: Buffer): string {
  const objets = lireObjets(pdf);
  const polices = new Map<string, Map<string, string>>();
  for (const { dictionnaire } of objets.values()) {
    for (const m of dictionnaire.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const police = objets.get(Number(m[2]));
      const cmap = /\/ToUnicode (\d+) 0 R/.exec(police?.dictionnaire ?? '');
      if (cmap !== null) polices.set(m[1] ?? '', lireCorrespondance(objets.get(Number(cmap[1]))?.flux ?? ''));
    }
  }
  let mots = '';
  for (const { flux } of objets.values()) {
    if (!flux.includes(' Tf')) continue;
    let police = new Map<string, string>();
    for (const m of flux.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ|ET/g)) {
      if (m[1] !== undefined) police = polices.get(m[1]) ?? new Map();
      else if (m[2] === undefined) mots += ' ';
      else
        for (const h of m[2].matchAll(/<([\da-f]+)>/gi))
          mots += ((h[1] ?? '').match(/.{4}/g) ?? [])
            .map((g) => police.get(g.toLowerCase()) ?? '\uFFFD')
            .join('');
    }
  }
  return mots.replaceAll(/\s+/g, ' ');
}
