import { z } from 'zod';
import type { Horloge } from '../../ports.ts';
import { appeler, lireJson, pauseDemandee, type Reponse } from './appel.ts';
import type { Obtenu } from './memoire.ts';

export type OptionsFranceTravail = {
  readonly identifiant: string;
  readonly secret: string;
  readonly jetonUrl: string;
  readonly apiUrl: string;
  readonly delaiMs: number;
  readonly horloge: Horloge;
};

/** With the application scope alone the token is valid and every call answers an empty 403: both scopes of each API are asked. */
const PORTEES = 'api_stats-offres-demandes-emploiv1 offresetdemandesemploi api_offresdemploiv2 o2dsoffre';
/** A token about to expire is not used: the call would fail on the way. */
const MARGE_JETON_MS = 60_000;

const schemaJeton = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});
const schemaTension = z.looseObject({
  listeValeursParPeriode: z.array(
    z.looseObject({
      codeNomenclature: z.string().optional(),
      libPeriode: z.string().optional(),
      codePeriode: z.string().optional(),
      libTerritoire: z.string().optional(),
      valeurPrincipaleNombre: z.number().nullish(),
    }),
  ),
});

export type TensionLue = {
  readonly niveau: 1 | 2 | 3 | 4 | 5;
  readonly territoire: string;
  readonly periode: string;
};

/** « No figure » is said in three ways (204, 206, or a 500 with this sentence): an absence, not an outage. */
const estAbsence = (r: Extract<Reponse, { ok: true }>): boolean =>
  r.statut === 204 || r.statut === 206 || (r.statut === 500 && /pu trouver la liste/u.test(r.texte));

const echec = (r: Reponse): { readonly ok: false; readonly raison: string; readonly pauseMs?: number } => {
  if (!r.ok) return { ok: false, raison: r.raison };
  return r.statut === 429
    ? { ok: false, raison: 'quota', pauseMs: pauseDemandee(r.entetes) }
    : { ok: false, raison: `statut-${r.statut}` };
};

/** France Travail's « Marché du travail » and « Offres d’emploi », with the credentials of an application. Codes go out (ROME, département), never words of a person. */
export class FranceTravail {
  #jeton: { readonly valeur: string; readonly jusque: number } | undefined;
  #demande: Promise<Obtenu<string>> | undefined;

  constructor(readonly options: OptionsFranceTravail) {}

  async #demanderJeton(): Promise<Obtenu<string>> {
    const { identifiant, secret, jetonUrl, delaiMs, horloge } = this.options;
    const r = await appeler(jetonUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: identifiant,
        client_secret: secret,
        scope: PORTEES,
      }).toString(),
      delaiMs,
    });
    if (!r.ok || r.statut !== 200) return echec(r);
    const lu = schemaJeton.safeParse(lireJson(r.texte));
    if (!lu.success) return { ok: false, raison: 'jeton-illisible' };
    this.#jeton = {
      valeur: lu.data.access_token,
      jusque: horloge() + lu.data.expires_in * 1_000 - MARGE_JETON_MS,
    };
    return { ok: true, valeur: lu.data.access_token };
  }

  /** One token for everyone, asked once at a time. */
  async #jetonValable(): Promise<Obtenu<string>> {
    if (this.#jeton !== undefined && this.options.horloge() < this.#jeton.jusque)
      return { ok: true, valeur: this.#jeton.valeur };
    this.#demande ??= this.#demanderJeton().finally(() => {
      this.#demande = undefined;
    });
    return this.#demande;
  }

  /** A refused token is asked again once: it may have been revoked. */
  async #appelerAvecJeton(
    chemin: string,
    init: RequestInit,
  ): Promise<Obtenu<Extract<Reponse, { ok: true }>>> {
    for (let essai = 0; essai < 2; essai += 1) {
      const jeton = await this.#jetonValable();
      if (!jeton.ok) return jeton;
      const r = await appeler(`${this.options.apiUrl}${chemin}`, {
        ...init,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: `Bearer ${jeton.valeur}`,
        },
        delaiMs: this.options.delaiMs,
      });
      if (!r.ok) return echec(r);
      if (r.statut !== 401) return { ok: true, valeur: r };
      this.#jeton = undefined;
    }
    return { ok: false, raison: 'jeton-refuse' };
  }

  /** The tension of a métier (ROME code) in a département; `null` when France Travail has no figure for it. */
  async tension(departement: string, rome: string): Promise<Obtenu<TensionLue | null>> {
    const appel = await this.#appelerAvecJeton(
      '/stats-offres-demandes-emploi/v1/indicateur/stat-perspective-employeur',
      {
        method: 'POST',
        body: JSON.stringify({
          codeTypeTerritoire: 'DEP',
          codeTerritoire: departement,
          codeTypeActivite: 'ROME',
          codeActivite: rome,
          codeTypePeriode: 'ANNEE',
          codeTypeNomenclature: 'TYPE_TENSION',
          dernierePeriode: true,
          sansCaracteristiques: true,
        }),
      },
    );
    if (!appel.ok) return appel;
    const r = appel.valeur;
    if (estAbsence(r)) return { ok: true, valeur: null };
    if (r.statut !== 200) return echec(r);
    const lu = schemaTension.safeParse(lireJson(r.texte));
    if (!lu.success) return { ok: false, raison: 'reponse-illisible' };
    const principale = lu.data.listeValeursParPeriode.find((v) => v.codeNomenclature === 'PERSPECTIVE');
    const niveau = ([1, 2, 3, 4, 5] as const).find((n) => n === principale?.valeurPrincipaleNombre);
    if (principale === undefined || niveau === undefined) return { ok: true, valeur: null };
    return {
      ok: true,
      valeur: {
        niveau,
        territoire: principale.libTerritoire ?? departement,
        periode: principale.libPeriode ?? principale.codePeriode ?? '',
      },
    };
  }

  /** How many offers there are for a métier in a département: one call for one line, the count is in its header. */
  async offres(departement: string, rome: string): Promise<Obtenu<number>> {
    const requete = new URLSearchParams({ codeROME: rome, departement, range: '0-0' });
    const appel = await this.#appelerAvecJeton(`/offresdemploi/v2/offres/search?${requete}`, {
      method: 'GET',
    });
    if (!appel.ok) return appel;
    const r = appel.valeur;
    if (r.statut === 204) return { ok: true, valeur: 0 };
    if (r.statut !== 200 && r.statut !== 206) return echec(r);
    const total = /\/(\d+)\s*$/u.exec(r.entetes.get('content-range') ?? '')?.[1];
    return total === undefined
      ? { ok: false, raison: 'reponse-illisible' }
      : { ok: true, valeur: Number(total) };
  }
}
