import type { Server } from 'restify';
import type { Transmissions } from '../handover/index.ts';
import { ETATS } from '../handover/index.ts';
import { repondreOctets } from '../http/index.ts';

/** `/metrics` in the Prometheus text format: the process, and handovers by state. Counts only, nothing of anyone. */
export function monterMetriques(serveur: Server, transmissions: Transmissions): void {
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
    repondreOctets(res, `${lignes.join('\n')}\n`, 'text/plain; version=0.0.4; charset=utf-8');
  });
}
