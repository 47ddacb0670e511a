// Written by `npm run generate`; do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** One job to create. */
export type CreateJobInput = {
  /** The same key with the same input gives the same job back. Not for a job in a batch. */
  idempotencyKey?: string | null | undefined;
  /** What to do. */
  job: JobInput;
  /** How often a transient failure is tried in all, 1 to 20. */
  maxAttempts?: number;
  /** A name to find the job by. */
  name?: string | null | undefined;
  /** Higher runs earlier; -1000 to 1000. */
  priority?: number;
  /** The owner; only an admin key may name another than its own. */
  userId?: string | null | undefined;
};

/** A job of any type, also of one that a package added. */
export type CustomJobInput = {
  /** The job type; see jobTypes. */
  jobType: string;
  /** An object, as the job type's parametersSchema describes it. */
  parameters: unknown;
};

/** What kind of error it is. */
export type ErrorCode =
  /** The job ended without an archive. */
  | 'ARCHIVE_NOT_AVAILABLE'
  /** There is no such batch, or it is another owner's. */
  | 'BATCH_NOT_FOUND'
  /** The document made its reader crash. */
  | 'CRASHED'
  /** A batch needs at least one job. */
  | 'EMPTY_BATCH'
  /** The document is encrypted, and no password was given. */
  | 'ENCRYPTED_FILE'
  /** It was there and is kept no longer. */
  | 'EXPIRED'
  /** What the job needs could not be fetched. */
  | 'FETCH_FAILED'
  /** The file lies outside the folders this server may read. */
  | 'FILE_NOT_ALLOWED'
  /** There is no such file. */
  | 'FILE_NOT_FOUND'
  /** The key may not do that. */
  | 'FORBIDDEN'
  /** The idempotency key was used before with other input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** The job's status does not allow it. */
  | 'ILLEGAL_TRANSITION'
  /** Something unforeseen happened; the server's log has it under the request's id. */
  | 'INTERNAL'
  /** The file is not a readable document of the expected kind. */
  | 'INVALID_FILE'
  /** The body is not valid JSON. */
  | 'INVALID_JSON'
  /** Some of what was given is wrong; each wrong field is named. */
  | 'INVALID_PARAMETERS'
  /** The job was cancelled. */
  | 'JOB_CANCELLED'
  /** There is no such job, or it is another owner's. */
  | 'JOB_NOT_FOUND'
  /** The address does not take this method. */
  | 'METHOD_NOT_ALLOWED'
  /** There is no such thing. */
  | 'NOT_FOUND'
  /** This server cannot read pages by OCR. */
  | 'OCR_UNAVAILABLE'
  /** The language model did not answer as the template asks. */
  | 'OUTPUT_INVALID'
  /** The document needs more memory than a job may use. */
  | 'OUT_OF_MEMORY'
  /** The pages asked for are not in the document. */
  | 'PAGE_RANGE'
  /** A provider did not do what was asked of it. */
  | 'PROVIDER_FAILED'
  /** The job needs a provider whose key is not set on this server. */
  | 'PROVIDER_NOT_CONFIGURED'
  /** Too many calls; try again later. */
  | 'RATE_LIMITED'
  /** The template cannot be read or filled. */
  | 'TEMPLATE_ERROR'
  /** The job took longer than it may. */
  | 'TIMEOUT'
  /** It is larger than this server takes. */
  | 'TOO_LARGE'
  /** The document has more pages than this server takes. */
  | 'TOO_MANY_PAGES'
  /** A valid API key is needed. */
  | 'UNAUTHORIZED'
  /** Something the service needs does not answer at the moment; try again shortly. */
  | 'UNAVAILABLE'
  /** There is no such job type. */
  | 'UNKNOWN_JOB_TYPE'
  /** There is no such template. */
  | 'UNKNOWN_TEMPLATE'
  /** The body or the file is of a media type that is not taken. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  /** This server does not open that address. */
  | 'URL_NOT_ALLOWED'
  /** The worker that ran the job fell silent. */
  | 'WORKER_LOST'
  /** The password does not open the document. */
  | 'WRONG_PASSWORD';

/** How the text of a page is read. */
export type ExtractionMethod =
  /** Native where that is good, OCR where it is not. */
  | 'COMBINED'
  /** Mistral's OCR service. */
  | 'MISTRAL_OCR'
  /** The text the document itself carries. */
  | 'NATIVE'
  /** Every page is read from its picture. */
  | 'OCR'
  /** A vision model behind an OpenAI-compatible server. */
  | 'OPENAI_VISION';

/** What to do: exactly one of these. */
export type JobInput =
  {   /** A job of any type. */
  custom: CustomJobInput; pdf?: never; session?: never; transformer?: never; }
  |  { custom?: never;   /** A PDF. */
  pdf: PdfInput; session?: never; transformer?: never; }
  |  { custom?: never; pdf?: never;   /** A conference session's page, video and slides. */
  session: SessionInput; transformer?: never; }
  |  { custom?: never; pdf?: never; session?: never;   /** A text, web page or PDF, and a template. */
  transformer: TransformerInput; };

/** Where a job or a batch stands. */
export type JobStatus =
  /** Ended by its owner; `retry` runs it again. */
  | 'CANCELLED'
  /** Ended with results. */
  | 'COMPLETED'
  /** Ended with an error; `retry` runs it again. */
  | 'FAILED'
  /** Waiting for a worker, or for the delay before its next attempt. */
  | 'PENDING'
  /** Claimed by a worker that shows it is alive. */
  | 'PROCESSING';

/** A pdf job: text, tables, page images and metadata of a PDF. */
export type PdfInput = {
  /** Values for the template's variables. */
  context?: unknown;
  /** How the text of a page is read. */
  extractionMethod?: ExtractionMethod | null | undefined;
  /** Path of the PDF, inside the allowed input folders. */
  filename?: string | null | undefined;
  /** Do the work anew and replace what is cached. */
  forceRefresh?: boolean | null | undefined;
  /** Also produce an image and a preview of each page, and the images it holds. */
  includeImages?: boolean | null | undefined;
  /** Also write the text as Markdown, with headings, lists and tables in their places; where only the plain text is wanted, pages are read faster without it. */
  includeMarkdown?: boolean | null | undefined;
  /** Also find tables; each is a CSV file, too. */
  includeTables?: boolean | null | undefined;
  /** Languages to read by OCR, as ISO 639 codes: en, de, or several such as de,en; when not given, English and German as far as the server has their data. */
  language?: Array<string> | null | undefined;
  /** Last page, inclusive. */
  pageEnd?: number | null | undefined;
  /** First page, counted from 1. */
  pageStart?: number | null | undefined;
  /** Password of an encrypted PDF. */
  password?: string | null | undefined;
  /** Language of the filled template, such as de. */
  targetLanguage?: string | null | undefined;
  /** Name of a template to fill from the text. */
  template?: string | null | undefined;
  /** Address of the PDF; exactly one of filename and url. */
  url?: string | null | undefined;
  /** Take the results of an equal earlier job when there are any. */
  useCache?: boolean | null | undefined;
  /** Who is told of the job's progress and end. */
  webhook?: WebhookInput | null | undefined;
};

/** A session job: a conference session's page, video and slides as one Markdown report. */
export type SessionInput = {
  /** Addresses of PDFs, one or a list; found on the page when not given, none with an empty list. */
  attachmentsUrl?: Array<string> | null | undefined;
  /** Whether there is a ZIP file of everything. */
  createArchive?: boolean | null | undefined;
  /** The day, in any words. */
  day?: string | null | undefined;
  /** When it ends, in any words. */
  endtime?: string | null | undefined;
  /** The event, such as FOSDEM 2025; the report's first folder. */
  event: string;
  /** Name of the report, with or without .md; its assets are named after it, too. */
  filename: string;
  /** The session's title. */
  session: string;
  /** Language of the session. */
  sourceLanguage?: string | null | undefined;
  /** Who speaks, as a list or separated by commas; found on the page when not given. */
  speakers?: Array<string> | null | undefined;
  /** When it begins, in any words. */
  starttime?: string | null | undefined;
  /** Language of the report. When it is not given and this server has no language model to translate with, the report is in source_language. */
  targetLanguage?: string | null | undefined;
  /** Name of the template that makes the report. */
  template?: string | null | undefined;
  /** The track or room; the report's folder. */
  track: string;
  /** Address of the session's web page. */
  url: string;
  /** Take the transcript of the same video when an earlier job of the same owner made one. */
  useCache?: boolean | null | undefined;
  /** What is said in the video; with it no video is fetched. */
  videoTranscript?: string | null | undefined;
  /** Address of the video's file; found on the page when not given. */
  videoUrl?: string | null | undefined;
  /** Who is told of the job's progress and end. */
  webhook?: WebhookInput | null | undefined;
};

/** A transformer job: a template filled from a text, a web page or a PDF. */
export type TransformerInput = {
  /** Values for the template's variables, and what else to know of the text. */
  context?: unknown;
  /** Do the work anew and replace what is cached. */
  forceRefresh?: boolean | null | undefined;
  /** Language of the text, such as en. */
  sourceLanguage?: string | null | undefined;
  /** Language of the filled template, such as de. */
  targetLanguage?: string | null | undefined;
  /** Name of the template to fill; exactly one of template and template_content. */
  template?: string | null | undefined;
  /** The template itself. */
  templateContent?: string | null | undefined;
  /** The text to read; exactly one of text and url. */
  text?: string | null | undefined;
  /** Address of what to read: a web page, a PDF, or plain text. */
  url?: string | null | undefined;
  /** Take the results of an equal earlier job when there are any. */
  useCache?: boolean | null | undefined;
  /** Who is told of the job's progress and end. */
  webhook?: WebhookInput | null | undefined;
};

/** Who is told of a job's progress and end, or of a batch's end. */
export type WebhookInput = {
  /** What to call the job; its own id when not given. */
  jobId?: string | null | undefined;
  /** Also tell of progress, at most once a second. */
  progress?: boolean | null | undefined;
  /** Signs each call as the Standard Webhooks specification says; what follows `whsec_` is base64, any other text is taken as it is. */
  secret?: string | null | undefined;
  /** Sent as `Authorization: Bearer` and as `X-Callback-Token`. */
  token?: string | null | undefined;
  /** Where to POST; redirects are not followed. */
  url: string;
};

export type CancelJobMutationVariables = Exact<{
  id: string;
}>;


export type CancelJobMutation = { cancelJob:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'JobPayload', job: { id: string, status: JobStatus } }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type RetryJobMutationVariables = Exact<{
  id: string;
}>;


export type RetryJobMutation = { retryJob:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'JobPayload', job: { id: string, status: JobStatus } }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type DeleteJobMutationVariables = Exact<{
  id: string;
}>;


export type DeleteJobMutation = { deleteJob:
    | { __typename: 'DeleteJobPayload', deletedJobId: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

type Changed_ConflictError_Fragment = { __typename: 'ConflictError', code: ErrorCode, message: string };

type Changed_JobPayload_Fragment = { __typename: 'JobPayload', job: { id: string, status: JobStatus } };

type Changed_NotFoundError_Fragment = { __typename: 'NotFoundError', code: ErrorCode, message: string };

export type ChangedFragment =
  | Changed_ConflictError_Fragment
  | Changed_JobPayload_Fragment
  | Changed_NotFoundError_Fragment
;

export type CreateJobMutationVariables = Exact<{
  input: CreateJobInput;
}>;


export type CreateJobMutation = { createJob:
    | { __typename: 'ConflictError', code: ErrorCode, message: string, existingId: string | null }
    | { __typename: 'CreateJobPayload', replayed: boolean, job: { id: string, status: JobStatus, progress: { sequence: number, percent: number } } }
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, fields: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'RateLimitedError', code: ErrorCode, message: string, retryAfterSeconds: number }
   };

export type JobProgressSubscriptionVariables = Exact<{
  jobId: string;
  afterSequence?: number | null | undefined;
}>;


export type JobProgressSubscription = { jobProgress: { jobId: string, sequence: number, status: JobStatus, step: string, percent: number, message: string | null, timestamp: string, job: { id: string, status: JobStatus, archiveUrl: string | null, error: { code: ErrorCode, message: string, details: unknown } | null, files: Array<{ name: string, mediaType: string, size: unknown, url: string }> } } };

export type JobTextQueryVariables = Exact<{
  id: string;
}>;


export type JobTextQuery = { job: { results:
      | { __typename: 'CustomResults' }
      | { __typename: 'PdfResults', structuredData: { extractedText: string } }
      | { __typename: 'SessionResults', markdownContent: string }
      | { __typename: 'TransformerResults', transformedText: string }
     | null } | null };

export type UploadFileMutationVariables = Exact<{
  file: File;
}>;


export type UploadFileMutation = { uploadFile:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'RateLimitedError', code: ErrorCode, message: string }
    | { __typename: 'UploadFilePayload', file: { id: string, filename: string, size: unknown, sha256: string, mediaType: string } }
   };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { userId: string, isAdmin: boolean } };

export const ChangedFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Changed"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<ChangedFragment, unknown>;
export const CancelJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelJob"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Changed"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Changed"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<CancelJobMutation, CancelJobMutationVariables>;
export const RetryJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RetryJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryJob"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Changed"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Changed"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<RetryJobMutation, RetryJobMutationVariables>;
export const DeleteJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteJob"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteJobPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedJobId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteJobMutation, DeleteJobMutationVariables>;
export const CreateJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateJobInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createJob"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateJobPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"percent"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"existingId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]}}]} as unknown as DocumentNode<CreateJobMutation, CreateJobMutationVariables>;
export const JobProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"JobProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"jobId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"afterSequence"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"jobId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"jobId"}}},{"kind":"Argument","name":{"kind":"Name","value":"afterSequence"},"value":{"kind":"Variable","name":{"kind":"Name","value":"afterSequence"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"percent"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"archiveUrl"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"details"}}]}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}}]}}]}}]} as unknown as DocumentNode<JobProgressSubscription, JobProgressSubscriptionVariables>;
export const JobTextDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"JobText"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PdfResults"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"structuredData"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"extractedText"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TransformerResults"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transformedText"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionResults"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"markdownContent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<JobTextQuery, JobTextQueryVariables>;
export const UploadFileDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UploadFile"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"file"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Upload"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uploadFile"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"file"},"value":{"kind":"Variable","name":{"kind":"Name","value":"file"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UploadFilePayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"file"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"filename"}},{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"sha256"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UploadFileMutation, UploadFileMutationVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"isAdmin"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;