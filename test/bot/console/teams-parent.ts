/** What the made-up Teams does when the tab asks for a token, in order; the last one again and again. */
export type ReponseJeton = 'oui' | 'non' | 'muet';
export type ScenarioTeams = {
  readonly jetons: readonly ReponseJeton[];
  /** False: a page that frames ours and never answers, as any site could. */
  readonly repond?: boolean;
  readonly theme?: string;
  readonly locale?: string;
  readonly demande?: string;
};

/**
 * A page that stands for Teams: it frames the tab and answers the messages of the real `teams-js`. `window.recus` keeps the names of what was asked, `window.changer(theme)` changes
 * the theme.
 */
export const pageParente = (scenario: ScenarioTeams): string => `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Teams d’essai</title><link rel="icon" href="data:,">
<style>body{margin:0}iframe{border:0;width:100vw;height:100vh;display:block}</style></head>
<body><iframe id="onglet" title="Onglet" src="/console/teams"></iframe><script>
const scenario = ${JSON.stringify(scenario)};
window.recus = [];
let demandes = 0;
const onglet = document.getElementById('onglet');
const dire = (m) => onglet.contentWindow.postMessage(m, location.origin);
const config = JSON.stringify({ apiVersion: 4, isLegacyTeams: false, hostVersionsInfo: {}, supports: { app: {}, pages: {} } });
addEventListener('message', async (e) => {
  if (e.source !== onglet.contentWindow || typeof e.data.func !== 'string') return;
  const { id, uuidAsString, func } = e.data;
  window.recus.push(func);
  if (scenario.repond === false) return;
  const repondre = (...args) => dire({ id, uuidAsString, args });
  if (func === 'initialize') repondre('content', 'web', config, '2.58.0');
  if (func === 'getContext')
    repondre({
      theme: scenario.theme ?? 'default', locale: scenario.locale ?? 'fr-fr', entityId: 'console',
      subEntityId: scenario.demande, hostClientType: 'web', frameContext: 'content',
    });
  if (func === 'authentication.getAuthToken') {
    const quoi = scenario.jetons[Math.min(demandes, scenario.jetons.length - 1)];
    demandes += 1;
    if (quoi === 'oui') repondre(true, await (await fetch('/essai/jeton')).text());
    if (quoi === 'non') repondre(false, 'renewalTimeout');
  }
});
window.changer = (theme) => dire({ func: 'themeChange', args: [theme] });
</script></body></html>`;
