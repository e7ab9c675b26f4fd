import { parentPort, workerData } from 'node:worker_threads';
import { judgeFolder } from './judge-folder.js';
import { behindLabs } from './priority.js';

behindLabs();
const { folder } = workerData as { folder: string };
parentPort?.postMessage(await judgeFolder(folder));
