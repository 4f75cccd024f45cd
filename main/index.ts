import { app } from 'electron';
import { prepare } from './desktop/prepare.ts';
import { start } from './desktop/start.ts';
import { startWheelhouse } from './wheelhouse.ts';

const launch = prepare(process.env, process.argv.slice(1));
// Not awaited here: Electron becomes ready only after this module has been evaluated.
if (launch !== null) void app.whenReady().then(async () => start(startWheelhouse, launch));
