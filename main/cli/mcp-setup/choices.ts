/** The clients that can be connected. */
export const CLIENTS = ['claude-code', 'claude-desktop'] as const;

/** The languages of the role block. */
export const LANGUAGES = ['en', 'ko'] as const;
