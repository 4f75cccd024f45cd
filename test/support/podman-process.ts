/** A test that dies with a container: starts a private Podman, runs an agent in it that never ends, says where, and waits to be killed. */
import { dirname } from 'node:path';
import { startPodman } from './setup/podman.ts';

const podman = await startPodman();
podman.exec('run', '--detach', '--network', 'none', podman.image, 'sleep', '1000');
const [pid] = podman.exec('ps', '--format', '{{.Pid}}').split('\n');
process.stdout.write(`${JSON.stringify({ dir: dirname(podman.socketPath), pids: [podman.pid(), Number(pid)] })}\n`);
