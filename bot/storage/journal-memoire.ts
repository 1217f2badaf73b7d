import type { Journal } from './journal.ts';
import { creerMoteur, type OptionsMoteur, type Support } from './journal-moteur.ts';

/** For tests: the same contract, lost with the process. */
export function ouvrirJournalMemoire(options: OptionsMoteur & { readonly epoque?: string }): Journal {
  const logs = new Map<string, { texte: string; modifieLe: number }>();
  const marques = new Set<string>();
  const references = new Map<string, string>();
  const support: Support = {
    epoque: options.epoque ?? 'memoire',
    lire: async (id) => logs.get(id)?.texte,
    async ajouter(id, texte, premier) {
      logs.set(id, {
        texte: (premier ? '' : (logs.get(id)?.texte ?? '')) + texte,
        modifieLe: options.horloge(),
      });
    },
    async remplacer(id, texte) {
      logs.set(id, { texte, modifieLe: options.horloge() });
    },
    async retirer(id) {
      logs.delete(id);
    },
    async marquer(id) {
      marques.add(id);
    },
    marques: async () => [...marques],
    async resserrer(enCours) {
      const restantes = [...enCours];
      marques.clear();
      for (const id of restantes) marques.add(id);
    },
    references: {
      ajouter: async (reference, id) => void references.set(reference, id),
      retirer: async (reference) => void references.delete(reference),
      retrouver: async (reference) => references.get(reference),
    },
    oublier: () => undefined,
    async *lister() {
      for (const [conversation, { texte, modifieLe }] of logs)
        if (!texte.startsWith('{"t":"efface"')) yield { conversation, modifieLe };
    },
    fermer: async () => undefined,
  };
  return creerMoteur(support, options);
}
