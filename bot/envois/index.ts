/** What has to be told outside the console: an outbox, e-mail, signed webhook. Import from here. */
export * from './boite.ts';
export * from './courriel.ts';
export * from './envoi.ts';
export * from './personne.ts';
export * from './signature.ts';
export * from './teams.ts';
export * from './webhook.ts';
