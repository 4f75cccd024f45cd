import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configurationDocs } from '../../main/config/docs.ts';

/** Writes docs/configuration.md from the schema; a unit test fails when the file is older. */
writeFileSync(fileURLToPath(new URL('../../docs/configuration.md', import.meta.url)), configurationDocs());
