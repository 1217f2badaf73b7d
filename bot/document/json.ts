import { z } from 'zod';
import { schemaDocumentNiveau1, type DocumentNiveau1 } from '../../knowledge/dossier/document-types.ts';

export const ADRESSE_SCHEMA = '/schemas/document-niveau-1.v1.json';

/** The document as data, for another information system; `ADRESSE_SCHEMA` says its shape. */
export const documentJson = (doc: DocumentNiveau1): string => `${JSON.stringify(doc, null, 2)}\n`;

/** The published JSON Schema (draft 2020-12) of version 1. `publicUrl` makes its `$id`. */
export function schemaDocumentJson(publicUrl: string): object {
  return {
    $id: publicUrl.replace(/\/+$/, '') + ADRESSE_SCHEMA,
    title: 'Document de niveau 1 du conseil en évolution professionnelle',
    description:
      'Arrêté du 29 mars 2019, § 2.3 : demande, besoin clarifié, types d’informations, décision, orientation.',
    ...z.toJSONSchema(schemaDocumentNiveau1, { io: 'output' }),
  };
}
