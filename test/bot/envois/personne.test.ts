import { describe, expect, it } from 'vitest';
import { motsPourLaPersonne } from '../../../bot/envois/index.ts';
import { type Transmission } from '../../../bot/handover/index.ts';
import { demandeEssai, servicesEssai, transmissionsEssai } from '../handover/jeu.ts';

async function transmission(): Promise<Transmission> {
  const t = await transmissionsEssai(() => Date.parse('2026-11-20T10:00:00Z'));
  const fait = await t.transmettre(demandeEssai());
  if (!fait.ok) throw new Error(fait.refus.code);
  return fait.valeur;
}
const reglages = { service: servicesEssai[0], telephone: '39 49', registre: 'standard' } as const;

describe('ce que la personne apprend dans sa conversation', () => {
  it('dit la promesse manquée, son jour, et qui appeler', async () => {
    const t = await transmission();
    expect(motsPourLaPersonne(t, 'promesse-depassee', reglages)?.texte).toBe(
      'Avenir Actifs Hauts-de-France avait annoncé une réponse au plus tard le 25 novembre 2026. Ce délai est dépassé, et ce n’est pas de votre fait. Le service en est averti. Vous pouvez appeler sans attendre : 39 49.',
    );
    const { rappelAvantLe: _, ...sansPromesse } = t;
    expect(motsPourLaPersonne(sansPromesse, 'promesse-depassee', reglages)).toBeUndefined();
  });

  it('nomme l’opérateur quand le service n’est plus dans les réglages', async () => {
    const t = await transmission();
    const mots = motsPourLaPersonne(t, 'changement-de-suivi', { ...reglages, service: undefined });
    expect(mots?.texte).toContain('une autre personne du même service (Avenir Actifs Hauts-de-France)');
  });

  it('ne dit rien de ce que la conversation dit elle-même, ou de ce qui ne concerne que le service', async () => {
    const t = await transmission();
    for (const evenement of ['demande-recue', 'demande-retiree', 'rappel', 'reorientation-proposee'] as const)
      expect(motsPourLaPersonne(t, evenement, reglages)).toBeUndefined();
  });
});
