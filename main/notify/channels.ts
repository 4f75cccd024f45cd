import type { NoticeChannel } from './types.ts';

/** Every channel, whether it is set up or not. */
export const NOTICE_CHANNELS = ['telegram', 'discord', 'ntfy', 'desktop'] as const satisfies readonly NoticeChannel[];
