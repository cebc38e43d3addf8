// A shop on the AWS SDK for Go v2: everything from the schema to recommendations and events, and the teardown,
// twice under the same names. It prints a line of JSON for each deployment.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/personalize"
	"github.com/aws/aws-sdk-go-v2/service/personalize/types"
	"github.com/aws/aws-sdk-go-v2/service/personalizeevents"
	events "github.com/aws/aws-sdk-go-v2/service/personalizeevents/types"
	"github.com/aws/aws-sdk-go-v2/service/personalizeruntime"
)

const role = "arn:aws:iam::123456789012:role/import"
const recipe = "arn:aws:personalize:::recipe/aws-user-personalization"

var ctx = context.Background()

func must[T any](answer T, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

// active asks until the resource is ACTIVE.
func active(status func() *string) {
	for {
		switch found := *status(); found {
		case "ACTIVE":
			return
		case "CREATE FAILED":
			panic(found)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// gone asks until the resource is not found, and returns the words of the error.
func gone(describe func() error) string {
	for {
		err := describe()
		var missing *types.ResourceNotFoundException
		if errors.As(err, &missing) {
			return missing.ErrorMessage()
		}
		if err != nil {
			panic(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

type told struct {
	Before, After []string
	Metrics       int
	Refused       string
}

func deployment(config aws.Config) told {
	p := personalize.NewFromConfig(config)
	name := aws.String("go")
	schema := must(p.CreateSchema(ctx, &personalize.CreateSchemaInput{
		Name: name, Schema: aws.String(string(must(os.ReadFile("schema.json")))),
	})).SchemaArn
	group := must(p.CreateDatasetGroup(ctx, &personalize.CreateDatasetGroupInput{Name: name})).DatasetGroupArn
	describeGroup := func() (*personalize.DescribeDatasetGroupOutput, error) {
		return p.DescribeDatasetGroup(ctx, &personalize.DescribeDatasetGroupInput{DatasetGroupArn: group})
	}
	active(func() *string { return must(describeGroup()).DatasetGroup.Status })

	dataset := must(p.CreateDataset(ctx, &personalize.CreateDatasetInput{
		Name: name, DatasetGroupArn: group, SchemaArn: schema, DatasetType: aws.String("Interactions"),
	})).DatasetArn
	describeDataset := func() (*personalize.DescribeDatasetOutput, error) {
		return p.DescribeDataset(ctx, &personalize.DescribeDatasetInput{DatasetArn: dataset})
	}
	active(func() *string { return must(describeDataset()).Dataset.Status })
	job := must(p.CreateDatasetImportJob(ctx, &personalize.CreateDatasetImportJobInput{
		JobName: name, DatasetArn: dataset, RoleArn: aws.String(role),
		DataSource: &types.DataSource{DataLocation: aws.String("s3://go-shop/clicks.csv")},
	})).DatasetImportJobArn
	active(func() *string {
		return must(p.DescribeDatasetImportJob(ctx, &personalize.DescribeDatasetImportJobInput{
			DatasetImportJobArn: job,
		})).DatasetImportJob.Status
	})

	tracker := must(p.CreateEventTracker(ctx, &personalize.CreateEventTrackerInput{
		Name: name, DatasetGroupArn: group,
	}))
	solution := must(p.CreateSolution(ctx, &personalize.CreateSolutionInput{
		Name: name, DatasetGroupArn: group, RecipeArn: aws.String(recipe),
	})).SolutionArn
	describeSolution := func() (*personalize.DescribeSolutionOutput, error) {
		return p.DescribeSolution(ctx, &personalize.DescribeSolutionInput{SolutionArn: solution})
	}
	active(func() *string { return must(describeSolution()).Solution.Status })
	version := must(p.CreateSolutionVersion(ctx, &personalize.CreateSolutionVersionInput{
		SolutionArn: solution,
	})).SolutionVersionArn
	active(func() *string {
		return must(p.DescribeSolutionVersion(ctx, &personalize.DescribeSolutionVersionInput{
			SolutionVersionArn: version,
		})).SolutionVersion.Status
	})
	metrics := must(p.GetSolutionMetrics(ctx, &personalize.GetSolutionMetricsInput{
		SolutionVersionArn: version,
	})).Metrics
	campaign := must(p.CreateCampaign(ctx, &personalize.CreateCampaignInput{
		Name: name, SolutionVersionArn: version, MinProvisionedTPS: aws.Int32(1),
	})).CampaignArn
	describeCampaign := func() (*personalize.DescribeCampaignOutput, error) {
		return p.DescribeCampaign(ctx, &personalize.DescribeCampaignInput{CampaignArn: campaign})
	}
	active(func() *string { return must(describeCampaign()).Campaign.Status })

	before := ask(config, campaign, "visitor")
	must(personalizeevents.NewFromConfig(config).PutEvents(ctx, &personalizeevents.PutEventsInput{
		TrackingId: tracker.TrackingId, UserId: aws.String("visitor"), SessionId: aws.String("visit"),
		EventList: []events.Event{
			{EventType: aws.String("watch"), ItemId: aws.String("i3"), SentAt: aws.Time(time.Now())},
		},
	}))
	after := before
	for fmt.Sprint(after) == fmt.Sprint(before) {
		time.Sleep(20 * time.Millisecond)
		after = ask(config, campaign, "visitor")
	}

	must(p.DeleteCampaign(ctx, &personalize.DeleteCampaignInput{CampaignArn: campaign}))
	refused := gone(func() error { _, err := describeCampaign(); return err })
	must(p.DeleteEventTracker(ctx, &personalize.DeleteEventTrackerInput{EventTrackerArn: tracker.EventTrackerArn}))
	gone(func() error {
		_, err := p.DescribeEventTracker(ctx, &personalize.DescribeEventTrackerInput{
			EventTrackerArn: tracker.EventTrackerArn,
		})
		return err
	})
	must(p.DeleteSolution(ctx, &personalize.DeleteSolutionInput{SolutionArn: solution}))
	gone(func() error { _, err := describeSolution(); return err })
	must(p.DeleteDataset(ctx, &personalize.DeleteDatasetInput{DatasetArn: dataset}))
	gone(func() error { _, err := describeDataset(); return err })
	must(p.DeleteSchema(ctx, &personalize.DeleteSchemaInput{SchemaArn: schema}))
	must(p.DeleteDatasetGroup(ctx, &personalize.DeleteDatasetGroupInput{DatasetGroupArn: group}))
	gone(func() error { _, err := describeGroup(); return err })
	return told{before, after, len(metrics), refused}
}

func ask(config aws.Config, campaign *string, user string) []string {
	found := must(personalizeruntime.NewFromConfig(config).GetRecommendations(ctx,
		&personalizeruntime.GetRecommendationsInput{CampaignArn: campaign, UserId: aws.String(user), NumResults: 5}))
	ids := []string{}
	for _, item := range found.ItemList {
		ids = append(ids, *item.ItemId)
	}
	return ids
}

func main() {
	endpoint := os.Getenv("AWS_ENDPOINT_URL")
	config := aws.Config{
		Region: "us-west-2",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
		EndpointResolverWithOptions: aws.EndpointResolverWithOptionsFunc(
			func(service, region string, options ...any) (aws.Endpoint, error) {
				return aws.Endpoint{URL: endpoint}, nil
			}),
	}
	for n := 0; n < 2; n++ {
		fmt.Println(string(must(json.Marshal(deployment(config)))))
	}
}
