// Runs alone, in a process a test kills: writes handovers one after the other, says each one that is durable, and sends as it goes.
import { join } from 'node:path';
import { envoyerWebhook, ouvrirBoite } from '../../../bot/envois/index.ts';
import { creerTransmissions, type ServiceReceveur, type Transmissions } from '../../../bot/handover/index.ts';
import { depotLowdb } from '../../../bot/storage/depot-lowdb.ts';
import { optionsBoite } from './jeu.ts';
import { demandeEssai, journaliseurMuet, servicesEssai } from '../handover/jeu.ts';

const [dossier = '', url = '', debut = '0', envoyer = ''] = process.argv.slice(2);
const horloge = (): number => Date.now();
const services: readonly ServiceReceveur[] = servicesEssai.map((s) => ({
  ...s,
  webhook: { url, secret: 'un-secret-de-webhook-assez-long-pour-tous' },
}));
const depot = depotLowdb({ racine: join(dossier, 'fiches'), journaliseur: journaliseurMuet });
const boite = await ouvrirBoite({
  ...optionsBoite({ depot, horloge, services, transmissions: () => transmissions }),
  webhook: (avis, vers) => envoyerWebhook(avis, vers, horloge),
  conversation: async () => false,
});
const transmissions: Transmissions = await creerTransmissions({
  depot,
  services,
  horloge,
  journaliseur: journaliseurMuet,
  preparer: boite.preparer,
});
for (let i = Number(debut); ; i += 1) {
  const reference = `CEP-${String(i).padStart(5, '0')}-ESSAI`;
  await transmissions.transmettre(demandeEssai({ reference }));
  process.stdout.write(`${reference}\n`);
  if (envoyer === 'envoyer') await boite.passer();
}
