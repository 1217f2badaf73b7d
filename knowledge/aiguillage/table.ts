import { texte } from '../textes/index.ts';
import type { Jour, Operateur, Registre } from '../vocabulaire/index.ts';
import { chargerRegles } from './chargement.ts';
import { choixEnMots, nomDuChamp } from './en-mots.ts';
import type { Regle, Table } from './regles.ts';
import type { Condition, Theme } from './schema.ts';
import type { Reference } from './types.ts';

/** A rule as the published table shows it: plain data, sentences in the register asked for. */
export type LigneRegle = {
  readonly id: string;
  readonly titre: string;
  readonly theme: Theme;
  readonly effet: Regle['effet']['type'];
  readonly operateur?: Operateur;
  /** Main orientation, or an alternative the law leaves open. */
  readonly role?: 'principale' | 'alternative';
  readonly exclut?: boolean;
  readonly relais?: readonly string[];
  readonly code?: string;
  /** All must hold; in words, then as the data says them. */
  readonly conditions: readonly string[];
  readonly si: readonly Condition[];
  readonly motif: string;
  readonly references: readonly Reference[];
  readonly du: Jour;
  readonly au?: Jour;
  readonly fichier: string;
};

/** A condition in words, situations by their title. */
function enMots(c: Condition, table: Table, registre: Registre): string {
  const dire = (cle: string, trous: Readonly<Record<string, string | number>> = {}): string =>
    texte(`aiguillage.condition-${cle}`, registre, trous);
  const operateurs = (codes: readonly Operateur[]): string =>
    codes.map((o) => texte(`dossier.valeur-accompagnement-${o}`, registre)).join(', ');
  switch (c.test) {
    case 'parmi':
      return dire('parmi', {
        champ: nomDuChamp(c.champ, registre),
        valeurs: c.valeurs.map((v) => choixEnMots(c.champ, v, registre)).join(dire('ou')),
      });
    case 'age':
      if (c.min !== undefined && c.moins === c.min + 1) return dire('age-egal', { age: c.min });
      if (c.min !== undefined && c.moins !== undefined)
        return dire('age-entre', { min: c.min, max: c.moins - 1 });
      return c.min === undefined
        ? dire('age-max', { max: (c.moins ?? 121) - 1 })
        : dire('age-min', { min: c.min });
    case 'fin-contrat':
      return dire(`fin-${c.etat}`);
    case 'renvoi':
    case 'demarche':
      return dire(c.test, { valeurs: operateurs(c.operateurs) });
    case 'demande':
      return dire('demande', {
        valeurs: c.valeurs.map((d) => texte(`dossier.demande-${d}`, registre)).join(', '),
      });
    case 'alerte':
      return dire('alerte', { valeurs: c.valeurs.map((v) => dire(`alerte-${v}`)).join(', ') });
    case 'territoire':
      return dire('territoire', { valeurs: c.codes.join(', ') });
    case 'situation':
      return table.titresSituations.get(c.est)?.[registre] ?? c.est;
    case 'tous':
    case 'une':
      return `(${c.conditions.map((x) => enMots(x, table, registre)).join(dire(c.test))})`;
    case 'pas':
      return dire('pas', { contenu: enMots(c.condition, table, registre) });
  }
}

/** The published table, in the order of the ranking: what `/regles` and `npm run regles` show, and what is downloadable as open data. */
export function tableDesRegles(
  registre: Registre = 'standard',
  table: Table = chargerRegles(),
): readonly LigneRegle[] {
  return [...table.regles]
    .sort((a, b) => a.rang - b.rang || (a.id < b.id ? -1 : 1))
    .map((r) => {
      const { effet } = r;
      return {
        id: r.id,
        titre: r.titre,
        theme: r.theme,
        effet: effet.type,
        ...('operateur' in effet ? { operateur: effet.operateur } : {}),
        ...(effet.type === 'orientation' ? { role: effet.role } : {}),
        ...(effet.type === 'ecart' ? { exclut: effet.exclut === true } : {}),
        ...('relais' in effet ? { relais: effet.relais } : {}),
        ...(effet.type === 'vigilance' ? { code: effet.code } : {}),
        conditions: r.conditions.map((c) => enMots(c, table, registre)),
        si: r.conditions,
        motif: texte(r.motif, registre),
        references: r.sources,
        du: r.du,
        ...(r.au === undefined ? {} : { au: r.au }),
        fichier: r.fichier,
      };
    });
}
