// What the client for JavaScript offers, as JSON lines: a verb, then `ok` and its value, or what the error says.
// node verbs.mjs HUB MODEL NEW READER WRITER

import { createRequire } from "node:module";

// Beside the environment, not beside this file.
const hub = createRequire(`${process.cwd()}/`)("@huggingface/hub");
const [hubUrl, model, fresh, reader, writer] = process.argv.slice(2);
const reads = { hubUrl, accessToken: reader, repo: { type: "model", name: model } };
const writes = { hubUrl, accessToken: writer, repo: { type: "model", name: fresh } };
const nothing = { ...reads, repo: { type: "model", name: "acme/none" } };
const bytes = (size, step) => new Blob([new Uint8Array(size).map((_, place) => (place * step) >> 3)]);

async function all(found) {
  const entries = [];
  for await (const one of found) entries.push(one);
  return entries;
}

const verbs = {
  whoAmI: async () => (await hub.whoAmI(reads)).name,
  listModels: async () => (await all(hub.listModels({ ...reads, search: { query: "verbs" } }))).map((one) => one.name),
  modelInfo: async () => (await hub.modelInfo({ ...reads, name: model, additionalFields: ["sha"] })).sha,
  listFiles: async () => (await all(hub.listFiles({ ...reads, recursive: true }))).length,
  listCommits: async () => (await all(hub.listCommits(reads))).map((one) => one.oid),
  fileExists: async () => [
    await hub.fileExists({ ...reads, path: "config.json" }),
    await hub.fileExists({ ...reads, path: "nope" }),
  ],
  repoExists: async () => hub.repoExists(reads),
  pathsInfo: async () => (await hub.pathsInfo({ ...reads, paths: ["config.json", "sub", "nope"] })).map((one) => one.path),
  downloadFile: async () => (await hub.downloadFile({ ...reads, path: "sub/größe ü.txt" })).text(),
  "downloadFile in part": async () => (await hub.downloadFile({ ...reads, path: "model.safetensors" })).slice(9, 10).text(),
  "downloadFile of nothing": async () => hub.downloadFile({ ...nothing, path: "config.json" }),
  checkRepoAccess: async () => hub.checkRepoAccess(nothing),
  snapshotDownload: async () => (await hub.snapshotDownload({ ...reads, cacheDir: `${process.env.HOME}/cache` })).split("/").pop(),
  createRepo: async () => (await hub.createRepo(writes)).repoUrl,
  uploadFile: async () =>
    (await hub.uploadFile({ ...writes, file: { path: "x.txt", content: new Blob(["x"]) } })).commit.oid.length,
  uploadFiles: async () =>
    (await hub.uploadFiles({ ...writes, files: [{ path: "large.bin", content: bytes(12_000_000, 7919) }] })).commit.oid.length,
  "uploadFiles by Xet": async () =>
    (await hub.uploadFiles({ ...writes, useXet: true, files: [{ path: "xet.bin", content: bytes(3_000_000, 31) }] }))
      .commit.oid.length,
  "uploadFile of a reader": async () => hub.uploadFile({ ...reads, file: { path: "x.txt", content: new Blob(["x"]) } }),
  deleteFile: async () => (await hub.deleteFile({ ...writes, path: "x.txt" })).commit.oid.length,
  createBranch: async () => (await hub.createBranch({ ...writes, branch: "other" })) ?? null,
  deleteBranch: async () => (await hub.deleteBranch({ ...writes, branch: "other" })) ?? null,
  deleteRepo: async () => hub.deleteRepo(writes),
  listDatasets: async () => all(hub.listDatasets(reads)),
};

const found = {};
for (const [verb, work] of Object.entries(verbs)) {
  try {
    found[verb] = ["ok", await work()];
  } catch (error) {
    found[verb] = [String(error.statusCode), error.message];
  }
}
console.log(`@@${JSON.stringify(found)}`);
