import { normaliser } from './normaliser.ts';

/**
 * Words that speak of health, folded (no accent, lower case), by what they name. Wide on purpose: what is hidden by mistake is one message the
 * counsellor asks about, what is shown by mistake cannot be taken back. Words of care jobs (soigner, aide-soignante, hôpital) are left out: they
 * are métiers.
 */
const FAMILLES: readonly string[] = [
  // Rights and services one has because of one's health.
  'sante|handicap|rqth|mdph|aah|esat|agefiph|fiphfp|cap emploi|invalid|inapt|incapacite|ald\\b|tms\\b|cmp\\b|ipp\\b|(?:taux|rente) d (?:ipp|incapacite|at\\b)|restrictions? (?:d aptitude|medicale|du medecin)',
  'arret de travail|en arret\\b|m a (?:mise? en )?arretee?\\b|longue maladie|mi temps therap|indemnites? journalier|touche (?:des|mes|les) ij\\b',
  // Illnesses, named or not.
  'malad|poumons?\\b|insulin|colonne vertebrale|ligaments?\\b|articulations?\\b|patholog|rhumatism|crises? de (?:goutte|coliques?|foie|asthme|tetanie)|mon coeur|problemes? cardi|obes|surpoids|tracheo|oxygene|appendic|ulcere|cicatri|brulee?s? par|plaies?\\b|memoire depuis|(?:pertes?|trous) de memoire|commotion|cancer|tumeur|leucemi|chimio|radiotherap|diabet|epilep|sclerose|parkinson|alzheimer|asthm|allergi|avc\\b|infarctus|cardiaque|hypertension|cholesterol|vih\\b|seropositi|hepatit|mucoviscid|crohn|thyroid|lupus|eczema|psoriasis|endometri|covid|dialys|greffee?\\b|insuffisance (?:renale|cardiaque|respiratoire)|migrain|vertige|anemi|apnee|drepanocyt',
  'enceinte|conges? (?:de )?mat\\w*|grossesse|fausse couche|accouch|pma\\b|menopaus',
  // The mind, and what one depends on.
  'psy|pleure tout le temps|interne[er]?s? (?:l|en|a|d office|dans|pendant|il)|craquee?\\b|nerveu|(?:mes|les) nerfs|agorapho|claustropho|paranoi|hypersensib|depress|depri|burn ?out|bore ?out|epuisement|angoiss|anxie|anxiolyt|phobi|insomni|anorexi|boulimi|bipolair|schizo|borderline|trauma|traumatis|(?:attaques?|crises?) de panique|tentative de suicide|scarifi|crises? de nerfs|neurolep|somnifer',
  'addict|opio|accro aux? |(?:arrete|arreter) de (?:boire|fumer)|alcool|drogue|cannabis|toxico|cocaine|heroine|desintox|sevrage|methadone|sobre depuis',
  // Body, senses and gait.
  'douleur|mal (?:au|aux|de|du|a la|a l|partout) ?(?:dos|ventre|tete|genoux?|epaules?|pieds?|jambes?|bras|mains?|cou|reins?|hanches?|poignets?|oreilles?|yeux|depuis|$)|mal partout|(?:dos|genoux?|epaules?|poignets?|hanches?|cervicales?|jambes?|mains?|corps|tete) (?:\\S+ ){0,2}(?:casses?|cassee?s?|foutue?s?|fichue?s?|morte?s?|abimee?s?|use|usee?s?|bloquee?s?|lache|lachent|tremblent|tremble|suit plus|suivent plus|tient plus)|(?:abime|bousille|casse|flingue) (?:le|mon|les|mes) (?:dos|genoux?|epaules?|mains)',
  'lombalgi|hernie|tendinit|sciatiqu|arthro|(?:poly)?arthrit|canal carpien|fibromyalg|scoliose|cervicalg|entorse|fractur|paralys|hemipleg|parapleg|tetrapleg|ampute|amputation|perdu (?:un|deux|trois|l usage|\\d) (?:doigts?|oeil|bras|main|jambes?|de (?:mon|ma|mes))|canne\\b|bequill|fauteuil|prothese|orthese|stimulateur|pacemaker',
  'sourd|malentend|appareil auditif|appareillee?\\b|acouphen|aveugl|malvoyan|entends? (?:plus|mal|pas bien)|(?:perds|perdu|perdre|problemes? de|baisse de) (?:la )?vue|vois (?:plus|mal|tres mal)|\\blsf\\b',
  'autis|suis dys\\b|asperger|tdah|hyperactif|dyslex|dysprax|dyscalcul|dysphas|dysorthograph|trisomi|deficien|begai|begay',
  // Care received.
  'medec|lithium|corset|minerve|ventoline|cortisone|kine\\b|osteo|infirmier(?:e)? (?:passe|vient)|generaliste|specialiste (?:a l|de l)? ?hopital|hopital de jour|prends? (?:un|mon|des) traitement|suivi(?:e)? a l hopital|enleve (?:un|une|le|la) (?:rein|sein|poumon|rate|tumeur|organe)|me remets d|comite medical|irm\\b|scanner|cardio|neuro|rhumato|gyneco|oncol|medic|docteur|ordonnance|antidepress|antibiot|morphine|operee?s?\\b|opere[rz] (?:du|de|des|d)\\b|operation (?:du|de la|de l|au|chirurg)|chirurg|hospitalis|sous traitement|traitement (?:medic|lourd|contre|pour)|therap|reeducation|kinesitherapie|centre de reeducation|cure (?:de|thermale)|infirmit|sequelle|convalescen|remission|rechute|souff?r',
  'accident|diminuee?\\b|(?:monter|descendre) (?:les|un|des|trois) escaliers?|je boite|mal a respirer|du mal a (?:marcher|respirer|rester debout|me baisser|me deplacer)|(?:peux|peut|pourrai|arrive|arrivais) (?:plus|pas) a (?:lever|marcher|me lever|bouger|porter|respirer|dormir|tenir)|(?:avant )?bras (?:en moins|plus court)|ne(?:e)? sans (?:avant )?(?:bras|main|jambe|doigt)s?|vue (?:baisse|diminue|se degrade)|blesse|blessure|(?:peux|peut|pourrai|pourrais|pouvais) (?:plus|pas) (?:\\S+ ){0,1}(?:porter|rester debout|me baisser|soulever|marcher|conduire a cause)|usee? physiquement|physiquement usee?',
];
const SANTE = new RegExp(`\\b(?:${FAMILLES.join('|')})`, 'u');
/** The same words where they name no health: a business's, a figure of speech, a job. */
const FIGURES =
  /\b(?:sante (?:financiere|economique|de (?:l|mon|notre|ma) entreprise)|dialogues? de sourds?|handicap au golf|aveuglee? par (?:mes|ses|la|le|l)|malade d argent|rend malade de voir|allergique (?:aux?|a la|a l) (?:reunions?|chefs?|hierarchie|autorite|bureau|routine)|maladie chez eux|chiens? guides? d aveugles?|accidents? de parcours)\b/gu;

/** True when a phrase names health, somebody's own or not, in words known to do so. */
export const nommeLaSante = (phrase: string): boolean =>
  SANTE.test(normaliser(phrase).replaceAll(FIGURES, ' '));
