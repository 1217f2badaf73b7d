import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { lancerServeur, nettoyer } from '../../support/serveur.ts';

// directline.md § 7.5: the ticket of a stream travels in a query string, the words in a body; neither is anybody's to read in a log.
describe('ce que le programme écrit de lui-même', () => {
  it('au niveau le plus bavard, ni billet, ni jeton, ni parole n’entrent dans le journal du programme', async () => {
    const serveur = await lancerServeur({ env: { LOG_LEVEL: 'debug' } });
    try {
      const { conversationId, token } = (await (
        await fetch(`http://127.0.0.1:${serveur.port}/v3/directline/tokens/generate`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
      ).json()) as { conversationId: string; token: string };
      const autorise = { Authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const lance = (await (
        await fetch(`http://127.0.0.1:${serveur.port}/v3/directline/conversations`, {
          method: 'POST',
          headers: autorise,
        })
      ).json()) as { streamUrl: string };
      const billet = new URL(lance.streamUrl).searchParams.get('t') ?? '';
      expect(billet.length).toBeGreaterThan(50);
      for (const adresse of [lance.streamUrl, `${lance.streamUrl}x`]) {
        const socket = new WebSocket(adresse);
        await new Promise<void>((r) => {
          socket.on('open', () => r());
          socket.on('error', () => r());
        });
        socket.terminate();
      }
      await fetch(
        `http://127.0.0.1:${serveur.port}/v3/directline/conversations/${conversationId}/activities`,
        {
          method: 'POST',
          headers: autorise,
          body: JSON.stringify({ type: 'message', text: 'je suis caissière à Hazebrouck' }),
        },
      );
      const dit = serveur.sortie();
      expect(dit).toContain('Assistant CEP');
      for (const secret of [
        billet,
        billet.slice(-20),
        token.slice(-20),
        conversationId,
        'Hazebrouck',
        't=ey',
      ])
        expect(dit).not.toContain(secret);
    } finally {
      await serveur.tuer();
      nettoyer(serveur.dataDir);
    }
  });
});
