import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** axe-core on a page as it stands, WCAG 2.2 A and AA. Injected by the debugger protocol, so that the page's own strict CSP stays on. */
export class AxeBuilder {
  constructor(private readonly page: Page) {}

  /** One line per violation: rule and the elements concerned; empty when there is none. */
  violations(): Promise<string[]> {
    return this.violationsDe(this.page);
  }

  /** The same, in one frame of the page. */
  async violationsDe(cadre: Pick<Page, 'evaluate'>): Promise<string[]> {
    await cadre.evaluate(axe.source);
    const resultat = await cadre.evaluate(async () => {
      type Axe = { run: (o: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      const outil = Reflect.get(globalThis, 'axe') as Axe;
      return outil.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
    });
    return resultat.violations.map(
      (v) => `${v.id} : ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`,
    );
  }
}
