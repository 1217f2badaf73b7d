import { appeler } from '../bot/channels/banc.ts';

type Activite = {
  readonly text?: string;
  readonly suggestedActions?: {
    readonly actions: readonly { readonly title: string; readonly value: unknown }[];
  };
  readonly attachments?: readonly {
    readonly content: {
      readonly actions?: readonly {
        readonly title: string;
        readonly data?: Record<string, unknown>;
        readonly url?: string;
      }[];
    };
  }[];
};

/** A person at the chat, over the protocol itself. */
export class Personne {
  private filigrane = '';
  private vues: Activite[] = [];
  private constructor(
    private readonly base: string,
    private readonly jeton: string,
    readonly conversation: string,
  ) {}

  static async arriver(base: string): Promise<Personne> {
    const { corps } = await appeler({ base }, 'POST', '/tokens/generate', {
      corps: {},
      entetes: { Origin: base },
    });
    const jeton = String(corps['token']);
    const ouverte = await appeler({ base }, 'POST', '/conversations', { jeton });
    return new Personne(base, jeton, String(ouverte.corps['conversationId']));
  }

  /** Takes up a conversation opened elsewhere, as the chat page does after a reload. */
  static async reprendre(base: string, resume: string): Promise<Personne> {
    const { corps, statut } = await appeler({ base }, 'POST', '/tokens/resume', {
      corps: { resume },
      entetes: { Origin: base },
    });
    if (statut !== 200) throw new Error(`reprise refusée : ${statut}`);
    return new Personne(base, String(corps['token']), String(corps['conversationId']));
  }

  /** Takes up a conversation with the code its screen shows, as on another device. */
  static async parCode(base: string, code: string): Promise<Personne> {
    const { corps, statut } = await appeler({ base }, 'POST', '/tokens/resume', {
      corps: { code },
      entetes: { Origin: base },
    });
    if (statut !== 200) throw new Error(`reprise refusée : ${statut}`);
    return new Personne(base, String(corps['token']), String(corps['conversationId']));
  }

  async envoyer(activite: object): Promise<string> {
    const chemin = `/conversations/${this.conversation}/activities`;
    const envoi = await appeler({ base: this.base }, 'POST', chemin, {
      jeton: this.jeton,
      corps: { type: 'message', from: { id: 'dl_moi' }, ...activite },
    });
    if (envoi.statut !== 200) throw new Error(`envoi refusé : ${envoi.statut}`);
    const recues: Activite[] = [];
    const fini = (a: Activite & { inputHint?: string; replyToId?: string }): boolean =>
      a.replyToId === envoi.corps['id'] && a.inputHint === 'expectingInput';
    for (let essai = 0; essai < 60; essai += 1) {
      const lu = await appeler(
        { base: this.base },
        'GET',
        `${chemin}${this.filigrane === '' ? '' : `?watermark=${this.filigrane}`}`,
        { jeton: this.jeton },
      );
      if (lu.statut !== 200) throw new Error(`lecture refusée : ${lu.statut}`);
      const nouvelles = lu.corps['activities'] as Activite[];
      this.filigrane = String(lu.corps['watermark']);
      recues.push(...nouvelles);
      this.vues.push(...nouvelles);
      if (recues.some(fini)) break;
      await new Promise((r) => setTimeout(r, 50));
    }
    return recues.map((a) => a.text ?? '').join('\n');
  }

  dire = (text: string): Promise<string> => this.envoyer({ text });

  choisir(libelle: string, champs: Record<string, string> = {}): Promise<string> {
    for (const a of this.vues.toReversed()) {
      const choix = a.suggestedActions?.actions.find((c) => c.title === libelle)?.value;
      const carte = a.attachments
        ?.flatMap((p) => p.content.actions ?? [])
        .find((c) => c.title === libelle)?.data;
      if (typeof choix === 'object' && choix !== null) return this.envoyer({ value: choix });
      if (carte !== undefined) return this.envoyer({ value: { ...carte, ...champs } });
    }
    throw new Error(`Pas de bouton « ${libelle} ».`);
  }

  adresse = (libelle: string): string | undefined =>
    this.vues
      .flatMap((a) => a.attachments ?? [])
      .flatMap((p) => p.content.actions ?? [])
      .findLast((c) => c.title === libelle)?.url;
}

/** Enough for an orientation. */
export const MOTS =
  'je suis caissière à Lille, pas cadre, personne ne me suit, je voudrais devenir aide-soignante';
