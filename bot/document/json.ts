import { z } from 'zod';
import {
  schemaDocumentV1,
  schemaDocumentV2,
  schemaDocumentV3,
} from '../../knowledge/dossier/document-versions.ts';
import type { DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';

/** Each version stays where it was published: a document kept by somebody is still explained there. */
export const SCHEMAS_PUBLIES = [
  { adresse: '/schemas/document-niveau-1.v1.json', schema: schemaDocumentV1 },
  { adresse: '/schemas/document-niveau-1.v2.json', schema: schemaDocumentV2 },
  { adresse: '/schemas/document-niveau-1.v3.json', schema: schemaDocumentV3 },
] as const;
export type SchemaPublie = (typeof SCHEMAS_PUBLIES)[number];
/** Of the version in use. */
export const ADRESSE_SCHEMA = SCHEMAS_PUBLIES[2].adresse;

/** The document as data, for another information system; `ADRESSE_SCHEMA` says its shape. */
export const documentJson = (doc: DocumentNiveau1): string => `${JSON.stringify(doc, null, 2)}\n`;

/** A published JSON Schema (draft 2020-12), the version in use by default. `publicUrl` makes its `$id`. */
export function schemaDocumentJson(
  publicUrl: string,
  { adresse, schema }: SchemaPublie = SCHEMAS_PUBLIES[2],
): object {
  return {
    $id: publicUrl.replace(/\/+$/, '') + adresse,
    title: 'Document de niveau 1 du conseil en évolution professionnelle',
    description:
      'Arrêté du 29 mars 2019, § 2.3 : demande, besoin clarifié, types d’informations, décision, orientation.',
    ...z.toJSONSchema(schema, { io: 'output' }),
  };
}
