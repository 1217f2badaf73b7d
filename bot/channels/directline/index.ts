/**
 * Self-hosted Direct Line 3.0, as the stock clients use it, plus what our own widget needs.
 *
 * ## Wire facts for a client (base `/v3/directline`, JSON, errors `{"error":{"code","message"}}`)
 *
 * `POST /tokens/generate` (no Authorization; `Content-Type: application/json`, body `{}`; same origin or an allowed origin) → 200
 *   `{"conversationId":"<32 hex>","token":"<jwt>","expires_in":3600,"resume":"<conversationId>.<secret>"}`. Nothing is created yet.
 *   With `{"start":true,"locale":"fr-FR"}` it also starts: 201, the same plus `"streamUrl"` and, if the welcome is ready, `"activities"` and
 *   `"watermark"` (the stream says them again): one round trip to the first message instead of three.
 * `POST /conversations` (Bearer; body `{}` or `{"locale":"fr-FR"}`) → 201, or 200 when it exists already:
 *   `{"conversationId","token","expires_in","streamUrl":"ws(s)://…/stream?watermark=-&t=…"}`. The welcome follows in the stream.
 * `GET /conversations/{id}?watermark=` (Bearer) → 200 the same object: fresh token, fresh stream address (60 s to open it).
 * `GET /conversations/{id}/activities?watermark=` (Bearer) → 200 `{"activities":[…≤100],"watermark":"<opaque>"}`: history and long polling
 *   (held 15 s when there is nothing new and a watermark was given; page until empty).
 * `POST /conversations/{id}/activities` (Bearer) → 200 `{"id"}`. 409 `Conflict`: same `clientActivityID`, other content. 413 too long (2,000 characters).
 * `POST /tokens/refresh` (Bearer, no body) → 200 `{"conversationId","token","expires_in"}`.
 * `POST /tokens/resume` (no Authorization; body `{"resume":"…"}`) → 200 `{"conversationId","token","expires_in","resume":"<NEW secret>","streamUrl","history":<seq>}`.
 *   `history`: everything up to this place was said before (ids and watermarks end with their place): a page just loaded does not announce it.
 *   The secret turns at each use: keep the new one. 403 `Forbidden` when it is worth nothing any more → offer a new conversation.
 *   The same with `{"code":"CEP-…-…-……"}`, the code of `GET /conversations/{id}/resume-code` (Bearer → `{"code"}`): another device takes the
 *   conversation up, even after `revoke`. 400 it cannot be a code; 403 as above; 429 too many tries (per address, and per reference).
 * `POST /tokens/revoke` (Bearer, no body) → 200 `{}`: « Terminer »: token, secret and sockets die; the log keeps its retention.
 * 403 `TokenExpired` → resume. 404 `ConversationNotFound` → erased for good. 429/503 carry `Retry-After` (seconds).
 *
 * Socket: frames are `{"activities":[…],"watermark":"<opaque>"}` or the empty string. Send nothing but the empty string.
 * Close 1012 = the server restarts, 1013 = read faster: reconnect with the watermark. Close 4001 = the person ended or erased the conversation.
 *
 * ## What to post
 * - free text: `{"type":"message","text":"…","locale":"fr-FR","channelData":{"clientActivityID":"<≤64>"}}`
 * - a button: the same with `"value": <the button's value>` and `"text": "<its label>"`, `channelData.postBack: true`
 * - a card form: `"value": {...data of the pressed Action.Submit, ...one key per input}`, `"text": "<title of the action>"`
 *   (toggles give the strings "true"/"false", lists their value)
 * - `{"type":"typing"}`: accepted, not stored.
 *
 * ## What comes back (only these fields: see `sortie.ts`)
 * `{"type":"message","id":"<conversation>.<seq 7 digits>","timestamp","channelId":"directline","conversation":{"id"},
 *   "from":{"id","name","role":"bot"|"user"},"replyToId"?,"text","textFormat":"markdown"|"plain","inputHint":"ignoringInput"|"expectingInput",
 *   "suggestedActions":{"actions":[{"type":"messageBack","title","text","displayText","value":{"action",…}}],"to":[]},
 *   "attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{Adaptive Card 1.5}},
 *                  {"contentType":"application/vnd.cep.graphique+json","content":Graphique}],
 *   "value":{"progression":{"numero","sur","titre"}?,"registre":"standard"|"falc"?}?,"channelData":{"clientActivityID"}?}`
 * - The echo of the person's own message carries its `channelData.clientActivityID` and `id`; free text may have been masked.
 * - `textFormat: "markdown"` only for our own texts: paragraphs, `- ` lists, `**strong**`, `[label](https://…)`. A quotation of what a person typed is its
 *   own block in the text, each line starting with `> `, with every markdown character backslash-escaped.
 * - A message of a counsellor: `from.role` is `bot`, `from.id` starts with `conseiller-`, `from.name` is the name shown; `textFormat: "plain"`.
 * - `value.echange` on one of our own messages: `{"etat":"ouvert","nom","service"}` a person holds the conversation from there on,
 *   `{"etat":"clos"}` the assistant is back.
 * - `{"type":"event","name":"cep.terminee"}`: the conversation was erased or ended: stop, clear the storage.
 * - `{"type":"typing"}` is transient. A known `id` sent again replaces the message.
 * - Cards: TextBlock, FactSet, Container (`style: "warning"` for « attention »), Input.Text (`style` `text|email|tel`, `isMultiline`, `maxLength`, `isRequired`, `label`,
 *   `errorMessage`), Input.Toggle, Input.ChoiceSet (compact), Action.Submit (`data`), Action.OpenUrl. In a graphic's place the card has its words; a client that draws
 *   `application/vnd.cep.graphique+json` may hide the Container whose `id` is `graphique-<n>` (n: order of the extra attachments, from 0).
 */
export { estValeur } from './entrant.ts';
export { LIMITE_TEXTE } from './limite-texte.ts';
export { monterDirectLine, type LimitesCanal, type Masquer } from './routes.ts';
export { creerReprise } from './reprise.ts';
export { creerSockets, type Sockets } from './sockets.ts';
