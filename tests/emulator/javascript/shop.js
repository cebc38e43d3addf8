// A shop on the AWS SDK for JavaScript v3: everything from the schema to recommendations and events, and the teardown,
// as often as its argument says. It prints a line of JSON for each deployment.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Personalize } from "@aws-sdk/client-personalize";
import { PersonalizeEvents } from "@aws-sdk/client-personalize-events";
import { PersonalizeRuntime } from "@aws-sdk/client-personalize-runtime";
import { S3 } from "@aws-sdk/client-s3";

const personalize = new Personalize();
const runtime = new PersonalizeRuntime();
const events = new PersonalizeEvents();
const s3 = new S3();

const BUCKET = "javascript-shop";
const ROLE = "arn:aws:iam::123456789012:role/import";
const RECIPE = "arn:aws:personalize:::recipe/aws-user-personalization-v2";
const requestIds = new Set();
let answers = 0;

for (const client of [personalize, runtime, events]) {
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      answers += 1;
      requestIds.add(result.output.$metadata.requestId);
      return result;
    },
    { step: "initialize" },
  );
}

/** Ask until the resource is ACTIVE. */
async function active(describe, key) {
  for (;;) {
    const { status, failureReason } = (await describe())[key];
    if (status === "ACTIVE") return;
    if (status.endsWith("FAILED")) throw new Error(`${key}: ${failureReason}`);
    await sleep(20);
  }
}

/** Ask until the resource is not found; return the error. */
async function gone(describe) {
  for (;;) {
    try {
      await describe();
    } catch (error) {
      if (error.name === "ResourceNotFoundException") return error;
      throw error;
    }
    await sleep(20);
  }
}

async function imported(datasetGroupArn, schemaArn) {
  const { datasetArn } = await personalize.createDataset({
    name: "clicks", datasetType: "Interactions", datasetGroupArn, schemaArn,
  });
  await active(() => personalize.describeDataset({ datasetArn }), "dataset");
  const { datasetImportJobArn } = await personalize.createDatasetImportJob({
    jobName: "clicks", datasetArn, roleArn: ROLE, dataSource: { dataLocation: `s3://${BUCKET}/clicks.csv` },
  });
  await active(() => personalize.describeDatasetImportJob({ datasetImportJobArn }), "datasetImportJob");
  return datasetArn;
}

async function trained(datasetGroupArn) {
  const { solutionArn } = await personalize.createSolution({
    name: "picks", datasetGroupArn, recipeArn: RECIPE, performAutoTraining: false,
  });
  await active(() => personalize.describeSolution({ solutionArn }), "solution");
  const { solutionVersionArn } = await personalize.createSolutionVersion({ solutionArn });
  await active(() => personalize.describeSolutionVersion({ solutionVersionArn }), "solutionVersion");
  return { solutionArn, solutionVersionArn };
}

async function deployed(solutionVersionArn) {
  const { campaignArn } = await personalize.createCampaign({ name: "home", solutionVersionArn, minProvisionedTPS: 1 });
  await active(() => personalize.describeCampaign({ campaignArn }), "campaign");
  return campaignArn;
}

async function filtered(datasetGroupArn) {
  const { filterArn } = await personalize.createFilter({
    name: "unseen", datasetGroupArn, filterExpression: "EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($seen)",
  });
  await active(() => personalize.describeFilter({ filterArn }), "filter");
  return filterArn;
}

/** The items that the user has not seen, before and after an event for the first of them. */
async function asked(campaignArn, filterArn, trackingId) {
  const request = { campaignArn, filterArn, filterValues: { seen: '"watch"' }, userId: "u1", numResults: 5 };
  const ids = async () => (await runtime.getRecommendations(request)).itemList.map((item) => item.itemId);
  const before = await ids();
  await events.putEvents({
    trackingId, userId: "u1", sessionId: "visit",
    eventList: [{ eventType: "watch", itemId: before[0], sentAt: new Date(), properties: '{"device": "phone"}' }],
  });
  let after = before;
  while (after.includes(before[0])) {
    await sleep(20);
    after = await ids();
  }
  return { before, after };
}

async function deployment() {
  const schema = readFileSync("schema.json", "utf8");
  const { schemaArn } = await personalize.createSchema({ name: "clicks", schema });
  const { datasetGroupArn } = await personalize.createDatasetGroup({ name: "shop" });
  const group = () => personalize.describeDatasetGroup({ datasetGroupArn });
  await active(group, "datasetGroup");
  const datasetArn = await imported(datasetGroupArn, schemaArn);
  const { eventTrackerArn, trackingId } = await personalize.createEventTracker({ name: "clicks", datasetGroupArn });
  const tracker = () => personalize.describeEventTracker({ eventTrackerArn });
  await active(tracker, "eventTracker");
  const { solutionArn, solutionVersionArn } = await trained(datasetGroupArn);
  const { metrics } = await personalize.getSolutionMetrics({ solutionVersionArn });
  const campaignArn = await deployed(solutionVersionArn);
  const filterArn = await filtered(datasetGroupArn);

  const told = await asked(campaignArn, filterArn, trackingId);

  await personalize.deleteCampaign({ campaignArn });
  const unknown = await gone(() => personalize.describeCampaign({ campaignArn }));
  await personalize.deleteFilter({ filterArn });
  await personalize.deleteEventTracker({ eventTrackerArn });
  await gone(tracker);
  await personalize.deleteSolution({ solutionArn });
  await gone(() => personalize.describeSolution({ solutionArn }));
  await personalize.deleteDataset({ datasetArn });
  await gone(() => personalize.describeDataset({ datasetArn }));
  await personalize.deleteSchema({ schemaArn });
  await gone(() => personalize.describeFilter({ filterArn }));
  await personalize.deleteDatasetGroup({ datasetGroupArn });
  await gone(group);
  return { ...told, metrics: Object.keys(metrics), refused: unknown.$metadata };
}

await s3.createBucket({ Bucket: BUCKET });
await s3.putObject({ Bucket: BUCKET, Key: "clicks.csv", Body: readFileSync("clicks.csv") });
for (let left = Number(process.argv[2]); left > 0; left -= 1) {
  const told = await deployment();
  const offsets = [personalize, runtime, events, s3].map((client) => Math.abs(client.config.systemClockOffset));
  const ids = { answers, distinct: requestIds.size, missing: requestIds.has(undefined) };
  console.log(JSON.stringify({ ...told, ids, offset: Math.max(...offsets) }));
}
