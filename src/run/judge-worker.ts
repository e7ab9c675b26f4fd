import { parentPort, workerData } from 'node:worker_threads';
import { judgeFolder } from './judge-folder.js';

const { folder } = workerData as { folder: string };
parentPort?.postMessage(await judgeFolder(folder));
