import type { Server } from 'restify';
import type { Boite } from '../envois/index.ts';
import type { Transmissions } from '../handover/index.ts';
import { ETATS } from '../handover/index.ts';
import { repondreOctets } from '../http/index.ts';

/** `/metrics` in the Prometheus text format: the process, handovers by state, notices not told yet or given up. Counts only, nothing of anyone. */
export function monterMetriques(
  serveur: Server,
  transmissions: Transmissions,
  boite: Pick<Boite, 'lister'>,
): void {
  serveur.get('/metrics', async (_req, res) => {
    const lignes = [
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${process.memoryUsage().rss}`,
      '# TYPE process_uptime_seconds gauge',
      `process_uptime_seconds ${Math.round(process.uptime())}`,
      '# TYPE cep_transmissions gauge',
    ];
    for (const etat of ETATS) {
      const { total } = await transmissions.lister({ etats: [etat], limite: 1 });
      lignes.push(`cep_transmissions{etat="${etat}"} ${total}`);
    }
    lignes.push('# TYPE cep_envois gauge');
    for (const etat of ['a-envoyer', 'abandonne'] as const)
      lignes.push(`cep_envois{etat="${etat}"} ${(await boite.lister(etat)).length}`);
    repondreOctets(res, `${lignes.join('\n')}\n`, 'text/plain; version=0.0.4; charset=utf-8');
  });
}
