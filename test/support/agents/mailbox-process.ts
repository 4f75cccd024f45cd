/** The mailbox with its rooms as a process on the directory DIR, to be killed: prints a line when it listens, ends with its stdin. */
import { text } from 'node:stream/consumers';
import { makeMailboxRooms } from './mailbox-rooms.ts';

const [dir = ''] = process.argv.slice(2);
const rooms = await makeMailboxRooms({ dir, durability: 'full', perMinute: 1_000_000 });
process.stdout.write(`${JSON.stringify({ point: 'listening' })}\n`);
await text(process.stdin);
await rooms.close();
