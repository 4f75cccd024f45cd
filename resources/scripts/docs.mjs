import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cliReference } from '../../main/cli/help.ts';
import { configurationDocs } from '../../main/config/docs.ts';

/** Writes the pages that come from tables in the program; unit tests fail when a page is older. */
writeFileSync(fileURLToPath(new URL('../../docs/configuration.md', import.meta.url)), configurationDocs());
writeFileSync(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), cliReference());
