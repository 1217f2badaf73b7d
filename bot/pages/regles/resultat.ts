import {
  hypotheses,
  nomDuChamp,
  type Aiguillage,
  type EntreeAiguillage,
  type Orientation,
} from '../../../knowledge/aiguillage/index.ts';
import { nomOperateur, relaisDe } from '../../../knowledge/information/index.ts';
import { regionDeCommune } from '../../../knowledge/territoire/index.ts';
import { texte } from '../../../knowledge/textes/index.ts';
import { jourEnToutesLettres, type Operateur, type Registre } from '../../../knowledge/vocabulaire/index.ts';
import { echapperHtml } from '../../http/index.ts';

/** Everything the rules gave for one entry, as HTML: outcome, operators and écarts with the rule behind each, what is left to ask, what-ifs. */
export class PageResultat {
  readonly #registre: Registre;
  readonly #region: string | undefined;

  constructor(
    readonly entree: EntreeAiguillage,
    registre: Registre,
  ) {
    this.#registre = registre;
    this.#region = entree.commune === undefined ? undefined : regionDeCommune(entree.commune)?.code;
  }

  #dire(cle: string, trous: Readonly<Record<string, string>> = {}): string {
    return echapperHtml(texte(`regles.${cle}`, this.#registre, trous));
  }

  #motif(cle: string): string {
    return echapperHtml(texte(cle, this.#registre));
  }

  #nom(operateur: Operateur): string {
    const nom = nomOperateur(operateur, this.#region);
    return echapperHtml(nom.charAt(0).toUpperCase() + nom.slice(1));
  }

  #regle(id: string): string {
    return `<a class="regle" href="#regle-${id}">${this.#dire('regle-lien', { id })}</a>`;
  }

  #bloc(cle: string, lignes: readonly string[]): string {
    return lignes.length === 0
      ? ''
      : `<h4>${this.#dire(cle)}</h4>\n<ul>${lignes.map((l) => `<li>${l}</li>`).join('')}</ul>`;
  }

  #orientations(orientations: readonly Orientation[]): readonly string[] {
    return orientations.map((o) =>
      [
        `<strong>${this.#nom(o.operateur)}</strong> : ${this.#motif(o.motif)} ${this.#regle(o.regle)}`,
        ...(o.aussi ?? []).map((a) => `${this.#motif(a.motif)} ${this.#regle(a.regle)}`),
      ].join('<br>'),
    );
  }

  #siJe(): readonly string[] {
    return hypotheses(this.entree).map((h) => {
      const operateurs = (h.apres.type === 'indecis' ? h.apres.candidats : h.apres.orientations).map((o) =>
        this.#nom(o.operateur),
      );
      const quand = h.quand === undefined ? '' : ` (${jourEnToutesLettres(h.quand)})`;
      const suite = operateurs.length === 0 ? this.#dire(`issue-${h.apres.type}`) : operateurs.join(', ');
      return `${this.#motif(h.cle)}${echapperHtml(quand)} → ${suite}`;
    });
  }

  html(a: Aiguillage): string {
    const motif =
      a.type === 'hors-champ'
        ? `<p>${this.#motif(a.motif)}</p>`
        : a.type === 'indecis'
          ? `<p><strong>${this.#dire('trancher')}</strong> : ${this.#motif(a.commentTrancher)}</p>`
          : '';
    const nommer = (champs: readonly Parameters<typeof nomDuChamp>[0][]): string =>
      champs.map((c) => nomDuChamp(c, this.#registre)).join(', ');
    return [
      `<p class="issue"><strong>${this.#dire(`issue-${a.type}`)}</strong></p>`,
      motif,
      this.#bloc('operateurs', this.#orientations(a.orientations)),
      this.#bloc('candidats', this.#orientations(a.candidats)),
      this.#bloc(
        'a-demander',
        a.type === 'a-completer' ? a.champs.map((c) => echapperHtml(nomDuChamp(c, this.#registre))) : [],
      ),
      this.#bloc(
        'vigilances',
        a.vigilances.map((v) => `${this.#motif(v.motif)} ${this.#regle(v.regle)}`),
      ),
      this.#bloc(
        'ecarts',
        a.type === 'hors-champ'
          ? []
          : a.ecarts.map(
              (e) =>
                `<strong>${this.#nom(e.operateur)}</strong> : ${this.#motif(e.motif)} ${this.#dire('ecart-reponses', { champs: nommer(e.champs) })} ${this.#regle(e.regle)}`,
            ),
      ),
      this.#bloc(
        'relais',
        a.relais.map(
          (r) =>
            `<strong>${echapperHtml(relaisDe(r.id).nom)}</strong> : ${this.#motif(r.motif)} ${this.#regle(r.regle)}`,
        ),
      ),
      this.#bloc('si', this.#siJe()),
    ].join('\n');
  }
}
