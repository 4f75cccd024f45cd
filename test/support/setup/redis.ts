import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { makeTempDir } from '../temp-dir.ts';
import { findProgram } from './parts.ts';
import { waitForOutput } from './wait-for-output.ts';

/** A Redis server of this test alone, on a unix socket, that keeps nothing. */
export interface PrivateRedis {
  readonly socketPath: string;
  readonly pid: number;
  /** Sends one command and returns the raw RESP answer. */
  command(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts one; resolves when it takes connections. */
export async function startRedis(): Promise<PrivateRedis> {
  const program = findProgram('redis-server');
  if (program === null) throw new Error('redis-server is not installed: ask missingPart("redis") first');
  const dir = makeTempDir('wheelhouse-redis-');
  const socketPath = join(dir.path, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', socketPath, '--save', '', '--appendonly', 'no', '--dir', dir.path];
  const server = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  await waitForOutput(server, server.stdout, /ready to accept connections/i);
  return {
    socketPath,
    pid: server.pid!,
    command: (...words) => sendCommand(socketPath, words),
    async stop() {
      server.kill('SIGTERM');
      await exited;
      dir.remove();
    },
  };
}

/** One command in RESP on a connection of its own; enough to see that a server answers. */
async function sendCommand(socketPath: string, words: readonly string[]): Promise<string> {
  const socket = connect(socketPath);
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  socket.write(`*${words.length}\r\n${parts.join('')}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString('utf8');
}
