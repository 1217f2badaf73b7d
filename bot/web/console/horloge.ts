const horloges = new Map<string, Horloge>();

/** Instants (ms) in words. */
export type Horloge = {
  /** « 23 novembre 2026 à 14:05 » */
  readonly long: (le: number) => string;
  /** « 23/11/2026 14:05 » */
  readonly court: (le: number) => string;
  /** « 14:05 » */
  readonly heure: (le: number) => string;
};

/**
 * The clock of the service a file is at, whatever the computer is set to: two counsellors, and the person on their own page, read the same
 * hours.
 * @param fuseau an IANA time zone, as the server gives it with the file
 */
export function horlogeChez(fuseau: string): Horloge {
  const connue = horloges.get(fuseau);
  if (connue !== undefined) return connue;
  const en = (forme: Intl.DateTimeFormatOptions): ((le: number) => string) => {
    const format = new Intl.DateTimeFormat('fr-FR', { ...forme, timeZone: fuseau });
    return (le) => format.format(le);
  };
  const horloge: Horloge = {
    long: en({ dateStyle: 'long', timeStyle: 'short' }),
    court: en({ dateStyle: 'short', timeStyle: 'short' }),
    heure: en({ timeStyle: 'short' }),
  };
  horloges.set(fuseau, horloge);
  return horloge;
}
