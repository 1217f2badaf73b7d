import PDFDocument from 'pdfkit';
import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';
import { nombre, pleineLongueur } from '../../knowledge/information/index.ts';
import { texte } from '../../knowledge/textes/index.ts';
import { jourEnToutesLettres, type Registre } from '../../knowledge/vocabulaire/index.ts';
import { composer, polices, SIGNE_INCONNU } from './polices.ts';
import { conservationEnMots, sourceEnMots } from './mots.ts';

const MARGE = 42;
const PIED = 24;
const LARGEUR = 595.28 - 2 * MARGE;
const LIBELLE = 132;
const VALEUR = 80;
const BARRE = LARGEUR - LIBELLE - VALEUR - 10;
/** Tried in turn until the document holds on one page; beyond, it takes the pages it needs in the first size. */
const TAILLES = [10.5, 9.5, 9] as const;
const ENCRE = '#1b1b2b';
const TITRE = '#1f3a5f';
const DISCRET = '#4a4a5e';
const ALERTE = '#8a1c1c';
const FOND_ALERTE = '#fdf1ee';

type Pdf = PDFKit.PDFDocument;
type Style = { readonly gras?: boolean; readonly taille: number; readonly couleur?: string };

/**
 * The document as a tagged PDF (structure tree: H1, H2, lists of label and body; language, title shown), readable by screen readers.
 * One page when the text can hold there without shrinking under 9 points: the chart is left to the page and the data when it alone would
 * cost a second sheet. `nonCompresse` leaves the page content readable, for tests.
 */
export async function documentPdf(
  doc: DocumentNiveau1,
  options: { readonly registre?: Registre; readonly nonCompresse?: boolean } = {},
): Promise<Buffer> {
  for (const reperes of doc.reperes.length > 0 ? [doc.reperes, []] : [[]])
    for (const taille of TAILLES) {
      const essai = await rendre({ ...doc, reperes }, taille, options);
      if (essai.pages === 1) return essai.octets;
    }
  return (await rendre(doc, TAILLES[0], options)).octets;
}

type Options = { readonly registre?: Registre; readonly nonCompresse?: boolean };

async function rendre(
  doc: DocumentNiveau1,
  taille: number,
  { registre = 'standard', nonCompresse = false }: Options,
): Promise<{ readonly octets: Buffer; readonly pages: number }> {
  const titre = `${texte('document-page.titre', registre)} ${doc.reference}`;
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: MARGE, left: MARGE, right: MARGE, bottom: MARGE + PIED },
    pdfVersion: '1.7',
    tagged: true,
    lang: 'fr-FR',
    displayTitle: true,
    bufferPages: true,
    compress: !nonCompresse,
    info: {
      Title: titre,
      Subject: texte('document-page.service', registre),
      // The day of the document, not the instant of the download: the same document gives the same file.
      CreationDate: new Date(`${doc.etabliLe}T00:00:00Z`),
    },
  });
  for (const p of polices()) {
    pdf.registerFont(p.nom, p.normale);
    pdf.registerFont(`${p.nom}-gras`, p.grasse);
  }
  const octets = recueillir(pdf);
  const plume = new Plume(pdf, taille);
  const racine = pdf.struct('Document', { lang: 'fr-FR', title: titre });
  pdf.addStructure(racine);
  ecrireTete(plume, racine, doc, registre);
  ecrireAvertissements(plume, racine, doc, registre);
  ecrireSections(plume, racine, doc, registre);
  ecrireReperes(plume, racine, doc, registre);
  ecrireSources(plume, racine, doc, registre);
  if (plume.aRemplace)
    racine.add(
      pdf.struct('P', {}, () =>
        plume.ligne(texte('document-page.caractere-inconnu', registre, { signe: SIGNE_INCONNU }), {
          taille: taille - 1.5,
          couleur: DISCRET,
        }),
      ),
    );
  racine.end();
  const pages = ecrirePieds(plume, doc, registre);
  pdf.end();
  return { octets: await octets, pages };
}

function recueillir(pdf: Pdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const morceaux: Buffer[] = [];
    pdf.on('data', (m: Buffer) => morceaux.push(m));
    pdf.on('end', () => resolve(Buffer.concat(morceaux)));
    pdf.on('error', reject);
  });
}

/** Writes text in the right font, and remembers whether a character had to be replaced. */
class Plume {
  aRemplace = false;

  constructor(
    readonly pdf: Pdf,
    readonly taille: number,
  ) {}

  private preparer(brut: string, style: Style): string {
    const { texte: pret, police } = composer(brut);
    if (pret.includes(SIGNE_INCONNU)) this.aRemplace = true;
    this.pdf
      .font(style.gras === true ? `${police.nom}-gras` : police.nom)
      .fontSize(style.taille)
      .fillColor(style.couleur ?? ENCRE);
    return pret;
  }

  ligne(brut: string, style: Style, x = MARGE, largeur = LARGEUR): void {
    this.pdf.text(this.preparer(brut, style), x, this.pdf.y, {
      width: largeur,
      lineGap: style.taille * 0.22,
    });
  }

  hauteur(brut: string, style: Style, largeur = LARGEUR): number {
    const pret = this.preparer(brut, style);
    return this.pdf.heightOfString(pret, { width: largeur, lineGap: style.taille * 0.22 });
  }

  /** Starts a new page when `hauteur` does not fit on this one: a heading never stays alone at the bottom. */
  reserver(hauteur: number): void {
    if (this.pdf.y + hauteur > this.pdf.page.height - MARGE - PIED) this.pdf.addPage();
  }

  espace(lignes: number): void {
    this.pdf.y += lignes * this.taille;
  }

  /** Decoration: outside the structure, so that a screen reader skips it. */
  decor(dessiner: () => void): void {
    this.pdf.markContent('Artifact', { type: 'Layout' });
    dessiner();
    this.pdf.endMarkedContent();
  }
}

type Structure = ReturnType<Pdf['struct']>;

function ecrireTete(plume: Plume, racine: Structure, doc: DocumentNiveau1, registre: Registre): void {
  const { pdf, taille } = plume;
  const t = (cle: string): string => texte(`document-page.${cle}`, registre);
  racine.add(
    pdf.struct('P', {}, () => plume.ligne(t('service'), { taille: taille - 0.5, couleur: DISCRET })),
  );
  racine.add(
    pdf.struct('H1', {}, () => plume.ligne(t('titre'), { gras: true, taille: taille + 9, couleur: TITRE })),
  );
  plume.espace(0.2);
  const conservation = conservationEnMots(doc, registre);
  const enMots = conservation === undefined ? undefined : `${conservation.nom} ${conservation.valeur}`;
  // A date stands beside the others; a rule has a line of its own.
  const jusquAu = doc.conservation === undefined ? enMots : undefined;
  const reperes = [
    `${t('reference')} : ${doc.reference}`,
    `${t('etabli-le')} ${jourEnToutesLettres(doc.etabliLe)}`,
    ...(jusquAu === undefined ? [] : [jusquAu]),
  ];
  racine.add(pdf.struct('P', {}, () => plume.ligne(reperes.join('   •   '), { gras: true, taille })));
  racine.add(
    pdf.struct('P', {}, () => plume.ligne(doc.preparePar, { taille: taille - 0.5, couleur: DISCRET })),
  );
  if (enMots !== undefined && jusquAu === undefined)
    racine.add(
      pdf.struct('P', {}, () => plume.ligne(`${enMots}.`, { taille: taille - 0.5, couleur: DISCRET })),
    );
  plume.espace(0.6);
}

function ecrireAvertissements(
  plume: Plume,
  racine: Structure,
  doc: DocumentNiveau1,
  registre: Registre,
): void {
  if (doc.avertissements.length === 0) return;
  const { pdf, taille } = plume;
  const retrait = 12;
  const large = LARGEUR - 2 * retrait;
  const titre: Style = { gras: true, taille: taille + 1, couleur: ALERTE };
  const corps: Style = { gras: true, taille };
  const intitule = texte('document-page.avertissements', registre);
  const hauteur =
    plume.hauteur(intitule, titre, large) +
    doc.avertissements.reduce((h, a) => h + plume.hauteur(a, corps, large) + taille * 0.3, 0) +
    taille * 1.4;
  plume.reserver(hauteur);
  const haut = pdf.y;
  plume.decor(() => {
    pdf.rect(MARGE, haut, LARGEUR, hauteur).fill(FOND_ALERTE);
    pdf.rect(MARGE, haut, 4, hauteur).fill(ALERTE);
  });
  pdf.y = haut + taille * 0.7;
  const section = pdf.struct('Sect', { title: intitule });
  racine.add(section);
  section.add(pdf.struct('H2', {}, () => plume.ligne(intitule, titre, MARGE + retrait, large)));
  for (const a of doc.avertissements) {
    plume.espace(0.3);
    section.add(pdf.struct('P', {}, () => plume.ligne(a, corps, MARGE + retrait, large)));
  }
  section.end();
  pdf.y = haut + hauteur;
  plume.espace(0.4);
}

function titreDeSection(plume: Plume, section: Structure, titre: string, suite: number): void {
  const { pdf, taille } = plume;
  const style: Style = { gras: true, taille: taille + 2, couleur: TITRE };
  plume.espace(0.7);
  plume.reserver(plume.hauteur(titre, style) + taille + suite);
  section.add(pdf.struct('H2', {}, () => plume.ligne(titre, style)));
  const y = pdf.y;
  plume.decor(() => {
    pdf
      .moveTo(MARGE, y)
      .lineTo(MARGE + LARGEUR, y)
      .lineWidth(0.6)
      .strokeColor('#b9c4d3')
      .stroke();
  });
  plume.espace(0.35);
}

type Ligne = DocumentNiveau1['sections'][number]['lignes'][number];

/** Doors and demandes of the same name that follow each other make one line: five of them cost a second sheet. */
function reunir(lignes: readonly Ligne[]): readonly Ligne[] {
  const reunies: Ligne[] = [];
  for (const ligne of lignes) {
    const avant = reunies.at(-1);
    if (avant?.libelle === ligne.libelle && avant.sensible === ligne.sensible)
      reunies.splice(-1, 1, { ...avant, texte: `${avant.texte} ; ${ligne.texte}` });
    else reunies.push(ligne);
  }
  return reunies;
}

function ecrireSections(plume: Plume, racine: Structure, doc: DocumentNiveau1, registre: Registre): void {
  const { pdf, taille } = plume;
  const colonne = LARGEUR - LIBELLE;
  const nom: Style = { gras: true, taille };
  const valeur: Style = { taille };
  for (const { titre, lignes } of doc.sections.filter((s) => s.lignes.length > 0)) {
    const section = pdf.struct('Sect', { title: titre });
    racine.add(section);
    titreDeSection(plume, section, titre, plume.hauteur(reunir(lignes)[0]?.texte ?? '', valeur, colonne));
    const liste = pdf.struct('L');
    section.add(liste);
    for (const ligne of reunir(lignes)) {
      const sensible = ligne.sensible === undefined ? '' : ` (${texte('document-page.sensible', registre)})`;
      const contenu = ligne.texte + sensible;
      plume.reserver(
        Math.min(
          400,
          Math.max(plume.hauteur(ligne.libelle, nom, LIBELLE - 10), plume.hauteur(contenu, valeur, colonne)),
        ),
      );
      const haut = pdf.y;
      let bas = haut;
      const element = pdf.struct('LI');
      liste.add(element);
      element.add(
        pdf.struct('Lbl', {}, () => {
          plume.ligne(ligne.libelle, nom, MARGE, LIBELLE - 10);
          bas = pdf.y;
          pdf.y = haut;
        }),
      );
      element.add(
        pdf.struct('LBody', {}, () => {
          const page = pdf.page;
          plume.ligne(contenu, valeur, MARGE + LIBELLE, colonne);
          // A label taller than its text must not be overwritten; on another page there is nothing to avoid.
          if (pdf.page === page) pdf.y = Math.max(pdf.y, bas);
        }),
      );
      element.end();
      plume.espace(0.15);
    }
    liste.end();
    section.end();
  }
}

/** Bars drawn as one figure, whose text alternative says every value in words; the value is also written beside each bar. */
function ecrireReperes(plume: Plume, racine: Structure, doc: DocumentNiveau1, registre: Registre): void {
  if (doc.reperes.length === 0) return;
  const { pdf, taille } = plume;
  const titre = texte('document-page.reperes', registre);
  const section = pdf.struct('Sect', { title: titre });
  racine.add(section);
  const pas = taille * 1.7;
  for (const [rang, repere] of doc.reperes.entries()) {
    const hauteur = pas * repere.barres.length + taille * 4;
    if (rang === 0) titreDeSection(plume, section, titre, hauteur);
    else plume.reserver(hauteur);
    section.add(
      pdf.struct('P', {}, () => plume.ligne(`${repere.titre} (${repere.unite})`, { gras: true, taille })),
    );
    plume.espace(0.3);
    const max = pleineLongueur(repere);
    section.add(
      pdf.struct('Figure', { alt: repere.texte }, () => {
        for (const { libelle, valeur } of repere.barres) {
          const haut = pdf.y;
          plume.ligne(libelle, { taille: taille - 1 }, MARGE, LIBELLE - 10);
          if (valeur !== null)
            pdf.rect(MARGE + LIBELLE, haut + 1, Math.max(2, (valeur / max) * BARRE), taille - 1).fill(TITRE);
          pdf.y = haut;
          const dit = valeur === null ? texte('information.graphique-non-publie', registre) : nombre(valeur);
          plume.ligne(dit, { gras: true, taille: taille - 1 }, MARGE + LIBELLE + BARRE + 10, VALEUR);
          pdf.y = haut + pas;
        }
      }),
    );
    section.add(
      pdf.struct('P', {}, () => plume.ligne(repere.source, { taille: taille - 1.5, couleur: DISCRET })),
    );
  }
  section.end();
}

function ecrireSources(plume: Plume, racine: Structure, doc: DocumentNiveau1, registre: Registre): void {
  if (doc.sources.length === 0) return;
  const { pdf, taille } = plume;
  const titre = texte('document-page.sources', registre);
  const section = pdf.struct('Sect', { title: titre });
  racine.add(section);
  titreDeSection(plume, section, titre, taille * 2);
  const liste = pdf.struct('L');
  section.add(liste);
  for (const source of doc.sources) {
    const element = pdf.struct('LI');
    liste.add(element);
    element.add(
      pdf.struct('LBody', {}, () =>
        plume.ligne(sourceEnMots(source, registre), {
          taille: taille - 1.5,
          couleur: DISCRET,
        }),
      ),
    );
    element.end();
  }
  liste.end();
  section.end();
}

/** Reference and page number at the foot of every page, outside the structure (pagination artefact). @returns the number of pages */
function ecrirePieds(plume: Plume, doc: DocumentNiveau1, registre: Registre): number {
  const { pdf } = plume;
  const { start, count } = pdf.bufferedPageRange();
  for (let i = 0; i < count; i += 1) {
    pdf.switchToPage(start + i);
    // Written under the bottom margin: pdfkit would otherwise open a page for it.
    pdf.page.margins.bottom = 0;
    pdf.markContent('Artifact', { type: 'Pagination' });
    pdf.y = pdf.page.height - MARGE - 8;
    const numero = texte('document-page.page', registre, { numero: i + 1, total: count });
    plume.ligne(`${doc.reference}   •   ${numero}`, { taille: 8.5, couleur: DISCRET });
    pdf.endMarkedContent();
  }
  return count;
}
