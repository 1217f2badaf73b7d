/** Fields of an activity a client may see (directline.md § 5.1). Everything else stays inside. */
const PERMIS = [
  'type',
  'replyToId',
  'locale',
  'text',
  'textFormat',
  'speak',
  'inputHint',
  'attachmentLayout',
  'attachments',
  'suggestedActions',
  'value',
  'name',
] as const;
const TYPES = new Set(['message', 'event', 'typing']);
/** Events a client may receive; `handoff.initiate` carries the transcript and is never one. */
const EVENEMENTS = new Set(['cep.terminee']);

export type ActiviteVisible = { readonly type: string; readonly [champ: string]: unknown };

/** The visible part of an outgoing activity, or `undefined` when it must not leave. `de` is who speaks. */
export function filtrerSortie(
  activite: Readonly<Record<string, unknown>>,
  conversation: string,
  de: { readonly id: string; readonly name: string },
): ActiviteVisible | undefined {
  const type = activite['type'];
  if (typeof type !== 'string' || !TYPES.has(type)) return undefined;
  if (type === 'event' && !(typeof activite['name'] === 'string' && EVENEMENTS.has(activite['name'])))
    return undefined;
  const visible: Record<string, unknown> = {};
  for (const champ of PERMIS) if (activite[champ] !== undefined) visible[champ] = activite[champ];
  return {
    ...visible,
    type,
    channelId: 'directline',
    conversation: { id: conversation },
    from: { ...de, role: 'bot' },
  };
}
