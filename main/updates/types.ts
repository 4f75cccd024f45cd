/** Why this installation cannot replace itself: it has no desktop, runs from a checkout, belongs to a package manager, or its files cannot be written. */
export const OBSTACLES = ['headless', 'development', 'package', 'read-only'] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/**
 * `off`: no feed is configured. `unknown`: not looked yet. `current`: the feed has nothing newer. `available`: it has, and
 * nothing of it is here (yet). `ready`: the newer version is downloaded and verified, and a restart brings it.
 */
export type UpdateState = 'off' | 'unknown' | 'current' | 'available' | 'downloading' | 'ready';
