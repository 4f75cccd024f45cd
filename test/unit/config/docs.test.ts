import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configurationDocs } from '../../../main/config/docs.ts';
import { settingRows } from '../../../main/config/schema.ts';

const written = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf-8');

it('is as new as the schema (else run: npm run docs)', () => {
  expect(written).toBe(configurationDocs());
});

it('names every setting with its variable and its sentence', () => {
  for (const { key, env, setting } of settingRows()) {
    expect(written).toContain(`\`${key}\``);
    expect(written).toContain(`\`${env}\``);
    expect(setting.about).toMatch(/^[A-Z].+\.$/);
    expect(written).toContain(setting.about);
  }
});
