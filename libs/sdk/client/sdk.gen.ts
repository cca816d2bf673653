// generated, do not edit: npm run generate

import { client } from './client.gen.js';
import { type Client, formDataBodySerializer, type Options as Options2, type TDataShape } from './client/index.js';
import type { AddAnswerFeedbackData, AddAnswerFeedbackErrors, AddAnswerFeedbackResponses, AddMemoryData, AddMemoryErrors, AddMemoryResponses, AskQuestionData, AskQuestionErrors, AskQuestionResponses, CancelAnswerData, CancelAnswerErrors, CancelAnswerResponses, CancelChatCompletionData, CancelChatCompletionErrors, CancelChatCompletionResponses, ChangeApiKeyData, ChangeApiKeyErrors, ChangeApiKeyResponses, CheckEngineHealthData, CheckEngineHealthErrors, CheckEngineHealthResponses, CreateApiKeyData, CreateApiKeyErrors, CreateApiKeyResponses, CreateChatCompletionData, CreateChatCompletionErrors, CreateChatCompletionResponses, CreateCollectionData, CreateCollectionErrors, CreateCollectionResponses, CreateEmbeddingsData, CreateEmbeddingsErrors, CreateEmbeddingsResponses, CreatePersonalityData, CreatePersonalityErrors, CreatePersonalityResponses, CreateTenantData, CreateTenantErrors, CreateTenantResponses, DeleteCollectionData, DeleteCollectionErrors, DeleteCollectionResponses, DeleteConversationData, DeleteConversationErrors, DeleteConversationResponses, DeleteDocumentData, DeleteDocumentErrors, DeleteDocumentResponses, DeleteDocumentsData, DeleteDocumentsErrors, DeleteDocumentsResponses, DeletePersonalityData, DeletePersonalityErrors, DeletePersonalityResponses, DownloadDocumentData, DownloadDocumentErrors, DownloadDocumentResponses, DropCacheData, DropCacheErrors, DropCacheResponses, ForgetMemoriesData, ForgetMemoriesErrors, ForgetMemoriesResponses, ForgetMemoryData, ForgetMemoryErrors, ForgetMemoryResponses, GetAnalyticsOverviewData, GetAnalyticsOverviewErrors, GetAnalyticsOverviewResponses, GetAnalyticsTimeseriesData, GetAnalyticsTimeseriesErrors, GetAnalyticsTimeseriesResponses, GetApiKeyData, GetApiKeyErrors, GetApiKeyResponses, GetCacheStatsData, GetCacheStatsErrors, GetCacheStatsResponses, GetCollectionData, GetCollectionErrors, GetCollectionResponses, GetConversationData, GetConversationErrors, GetConversationResponses, GetCurrentEngineData, GetCurrentEngineErrors, GetCurrentEngineResponses, GetDocumentContentData, GetDocumentContentErrors, GetDocumentContentResponses, GetDocumentData, GetDocumentErrors, GetDocumentResponses, GetEnginePerformanceData, GetEnginePerformanceErrors, GetEnginePerformanceResponses, GetLivenessData, GetLivenessErrors, GetLivenessResponses, GetMemoryData, GetMemoryErrors, GetMemoryHistoryData, GetMemoryHistoryErrors, GetMemoryHistoryResponses, GetMemoryQueueData, GetMemoryQueueErrors, GetMemoryQueueResponses, GetMemoryResponses, GetModelData, GetModelErrors, GetModelResponses, GetPersonalityData, GetPersonalityErrors, GetPersonalityResponses, GetRagStatsData, GetRagStatsErrors, GetRagStatsResponses, GetReadinessData, GetReadinessErrors, GetReadinessResponses, GetRealtimeDashboardData, GetRealtimeDashboardErrors, GetRealtimeDashboardResponses, GetStartupData, GetStartupErrors, GetStartupResponses, GetTenantData, GetTenantErrors, GetTenantResponses, GetUsageData, GetUsageErrors, GetUsageResponses, IngestTextData, IngestTextErrors, IngestTextResponses, IssueOwnerKeyData, IssueOwnerKeyErrors, IssueOwnerKeyResponses, IssueTokenData, IssueTokenErrors, IssueTokenResponses, ListAnswerFeedbackData, ListAnswerFeedbackErrors, ListAnswerFeedbackResponses, ListApiKeysData, ListApiKeysErrors, ListApiKeysResponses, ListAuditLogsData, ListAuditLogsErrors, ListAuditLogsResponses, ListCacheKeysData, ListCacheKeysErrors, ListCacheKeysResponses, ListCollectionsData, ListCollectionsErrors, ListCollectionsResponses, ListConversationMessagesData, ListConversationMessagesErrors, ListConversationMessagesResponses, ListConversationsData, ListConversationsErrors, ListConversationsResponses, ListDocumentChunksData, ListDocumentChunksErrors, ListDocumentChunksResponses, ListDocumentsData, ListDocumentsErrors, ListDocumentsResponses, ListEndpointStatisticsData, ListEndpointStatisticsErrors, ListEndpointStatisticsResponses, ListEnginesData, ListEnginesErrors, ListEnginesResponses, ListMemoriesData, ListMemoriesErrors, ListMemoriesResponses, ListModelsData, ListModelsErrors, ListModelsResponses, ListPersonalitiesData, ListPersonalitiesErrors, ListPersonalitiesResponses, ListTenantsData, ListTenantsErrors, ListTenantsResponses, ListToolsData, ListToolsErrors, ListToolsResponses, QueryPassagesData, QueryPassagesErrors, QueryPassagesResponses, ReprocessCollectionData, ReprocessCollectionErrors, ReprocessCollectionResponses, RevokeApiKeyData, RevokeApiKeyErrors, RevokeApiKeyResponses, RevokeTokenData, RevokeTokenErrors, RevokeTokenResponses, RunToolData, RunToolErrors, RunToolResponses, SearchMemoriesData, SearchMemoriesErrors, SearchMemoriesResponses, SearchPassagesBatchData, SearchPassagesBatchErrors, SearchPassagesBatchResponses, SearchPassagesData, SearchPassagesErrors, SearchPassagesResponses, SwitchEngineData, SwitchEngineErrors, SwitchEngineResponses, UpdateCollectionData, UpdateCollectionErrors, UpdateCollectionResponses, UpdateConversationData, UpdateConversationErrors, UpdateConversationResponses, UpdateDocumentData, UpdateDocumentErrors, UpdateDocumentResponses, UpdateMemoryData, UpdateMemoryErrors, UpdateMemoryResponses, UpdatePersonalityData, UpdatePersonalityErrors, UpdatePersonalityResponses, UploadDocumentsData, UploadDocumentsErrors, UploadDocumentsResponses, WhoAmIData, WhoAmIErrors, WhoAmIResponses } from './types.gen.js';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};

class HeyApiClient {
    protected client: Client;
    
    constructor(args?: {
        client?: Client;
    }) {
        this.client = args?.client ?? client;
    }
}

class HeyApiRegistry<T> {
    private readonly defaultKey = 'default';
    
    private readonly instances: Map<string, T> = new Map();
    
    get(key?: string): T {
        const instance = this.instances.get(key ?? this.defaultKey);
        if (!instance) {
            throw new Error(`No SDK client found. Create one with "new AiStack()" to fix this error.`);
        }
        return instance;
    }
    
    set(value: T, key?: string): void {
        this.instances.set(key ?? this.defaultKey, value);
    }
}

export class AiStack extends HeyApiClient {
    public static readonly __registry = new HeyApiRegistry<AiStack>();
    
    constructor(args?: {
        client?: Client;
        key?: string;
    }) {
        super(args);
        AiStack.__registry.set(this, args?.key);
    }
    
    /**
     * Statistics by endpoint
     *
     * One row for each route pattern and method that was asked for. Of the own tenant only; requests without a valid key count for the tenant `default`. Health probes (`/health*`) and `/metrics` are not recorded. Errors are answers with a status of 400 or above. Percentiles come from logarithmic histograms and are within 5 % of the exact ones. Other processes on the same database are up to about half a second behind.
     *
     * Needs the permission `analytics:read`.
     */
    public listEndpointStatistics<ThrowOnError extends boolean = false>(options?: Options<ListEndpointStatisticsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListEndpointStatisticsResponses, ListEndpointStatisticsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/analytics/endpoints',
            ...options
        });
    }
    
    /**
     * Requests, errors, latency and cache hits of a window
     *
     * A request counts on arrival, this one included. Of the own tenant only; requests without a valid key count for the tenant `default`. Health probes (`/health*`) and `/metrics` are not recorded. Errors are answers with a status of 400 or above. Percentiles come from logarithmic histograms and are within 5 % of the exact ones. Other processes on the same database are up to about half a second behind.
     *
     * Needs the permission `analytics:read`.
     */
    public getAnalyticsOverview<ThrowOnError extends boolean = false>(options?: Options<GetAnalyticsOverviewData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetAnalyticsOverviewResponses, GetAnalyticsOverviewErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/analytics/overview',
            ...options
        });
    }
    
    /**
     * One metric over time
     *
     * At most 2,000 points; intervals below an hour reach 35 days back, 3 days for a single endpoint. The window is 24 hours unless told, 30 days with `interval=day`. Of the own tenant only; requests without a valid key count for the tenant `default`. Health probes (`/health*`) and `/metrics` are not recorded. Errors are answers with a status of 400 or above. Percentiles come from logarithmic histograms and are within 5 % of the exact ones. Other processes on the same database are up to about half a second behind.
     *
     * Needs the permission `analytics:read`.
     */
    public getAnalyticsTimeseries<ThrowOnError extends boolean = false>(options?: Options<GetAnalyticsTimeseriesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetAnalyticsTimeseriesResponses, GetAnalyticsTimeseriesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/analytics/timeseries',
            ...options
        });
    }
    
    /**
     * Tokens and cost by key, user, model, engine or purpose
     *
     * The dearest first. What engines answered with and what the language model did in the background (`memory`: finding out what to remember; `summary`: long conversations), on all processes, of the own tenant; embeddings are not counted. Kept for 400 days. The window is 30 days unless told, widened to whole hours, or to whole days (UTC) if it begins over 35 days ago. Prices are those of ENGINE_PRICES at the time of each run.
     *
     * Needs the permission `analytics:read`.
     */
    public getUsage<ThrowOnError extends boolean = false>(options?: Options<GetUsageData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetUsageResponses, GetUsageErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/analytics/usage',
            ...options
        });
    }
    
    /**
     * List API keys
     *
     * Needs the permission `keys:manage`.
     */
    public listApiKeys<ThrowOnError extends boolean = false>(options?: Options<ListApiKeysData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListApiKeysResponses, ListApiKeysErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/api-keys',
            ...options
        });
    }
    
    /**
     * Create an API key
     *
     * It can hold no permission that its creator lacks, and not outlive it.
     *
     * Needs the permission `keys:manage`.
     */
    public createApiKey<ThrowOnError extends boolean = false>(options: Options<CreateApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateApiKeyResponses, CreateApiKeyErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/api-keys',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Revoke an API key
     *
     * Ends it and every token issued for it, on every process. It takes all permissions that the key has, unless it is your own; the last key that may do everything stays: 409.
     *
     * Needs the permission `keys:manage`.
     */
    public revokeApiKey<ThrowOnError extends boolean = false>(options: Options<RevokeApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).delete<RevokeApiKeyResponses, RevokeApiKeyErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/api-keys/{id}',
            ...options
        });
    }
    
    /**
     * One API key
     *
     * Needs the permission `keys:manage`.
     */
    public getApiKey<ThrowOnError extends boolean = false>(options: Options<GetApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetApiKeyResponses, GetApiKeyErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/api-keys/{id}',
            ...options
        });
    }
    
    /**
     * Change an API key
     *
     * Its name, permissions or end; it stays the same key. It takes all permissions that the key has, and those that it gets. The last key that may do everything stays as it is, and a revoked key stays revoked: 409.
     *
     * Needs the permission `keys:manage`.
     */
    public changeApiKey<ThrowOnError extends boolean = false>(options: Options<ChangeApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).patch<ChangeApiKeyResponses, ChangeApiKeyErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/api-keys/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Who changed what, and when
     *
     * Of the own tenant, the newest first: engines switched, failed over and back, personalities, keys, tokens, tenants. Entries are only ever added; the database refuses to change or remove one.
     *
     * Needs the permission `audit:read`.
     */
    public listAuditLogs<ThrowOnError extends boolean = false>(options?: Options<ListAuditLogsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListAuditLogsResponses, ListAuditLogsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/audit-logs',
            ...options
        });
    }
    
    /**
     * Who am I?
     *
     * Needs any valid key or token.
     */
    public whoAmI<ThrowOnError extends boolean = false>(options?: Options<WhoAmIData, ThrowOnError>) {
        return (options?.client ?? this.client).get<WhoAmIResponses, WhoAmIErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/auth/me',
            ...options
        });
    }
    
    /**
     * End a token before its time
     *
     * RFC 7009, on every process. By the key that it was issued for, named as for `/auth/token`. A token that is none, or has ended, is as it should be: 200.
     *
     * Public: needs no key.
     */
    public revokeToken<ThrowOnError extends boolean = false>(options: Options<RevokeTokenData, ThrowOnError>) {
        return (options.client ?? this.client).post<RevokeTokenResponses, RevokeTokenErrors, ThrowOnError>({
            url: '/auth/revoke',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Exchange an API key for a short-lived JWT
     *
     * OAuth 2 client credentials, as JSON or form, the key by `Authorization: Basic` or in the body. The token ends with the key; `scope` gives it less than the key has. Problems have the member `error` of OAuth 2.
     *
     * Public: needs no key.
     */
    public issueToken<ThrowOnError extends boolean = false>(options: Options<IssueTokenData, ThrowOnError>) {
        return (options.client ?? this.client).post<IssueTokenResponses, IssueTokenErrors, ThrowOnError>({
            url: '/auth/token',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Drop cache entries
     *
     * Of your tenant, on every process: by exactly one of tag, key and namespace.
     *
     * Needs the permission `cache:write`.
     */
    public dropCache<ThrowOnError extends boolean = false>(options?: Options<DropCacheData, ThrowOnError>) {
        return (options?.client ?? this.client).delete<DropCacheResponses, DropCacheErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/cache',
            ...options
        });
    }
    
    /**
     * List cache keys
     *
     * Of your tenant, in the answering process.
     *
     * Needs the permission `cache:read`.
     */
    public listCacheKeys<ThrowOnError extends boolean = false>(options?: Options<ListCacheKeysData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListCacheKeysResponses, ListCacheKeysErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/cache/keys',
            ...options
        });
    }
    
    /**
     * Cache statistics
     *
     * Of your tenant, by namespace, since the answering process started.
     *
     * Needs the permission `cache:read`.
     */
    public getCacheStats<ThrowOnError extends boolean = false>(options?: Options<GetCacheStatsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetCacheStatsResponses, GetCacheStatsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/cache/stats',
            ...options
        });
    }
    
    /**
     * List own conversations
     *
     * Newest activity first. Read with `cursor`, one that goes on meanwhile moves to the front and is not met again.
     *
     * Needs the permission `answers:ask`.
     */
    public listConversations<ThrowOnError extends boolean = false>(options?: Options<ListConversationsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListConversationsResponses, ListConversationsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/conversations',
            ...options
        });
    }
    
    /**
     * Delete a conversation
     *
     * With its messages and feedback.
     *
     * Needs the permission `answers:ask`.
     */
    public deleteConversation<ThrowOnError extends boolean = false>(options: Options<DeleteConversationData, ThrowOnError>) {
        return (options.client ?? this.client).delete<DeleteConversationResponses, DeleteConversationErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/conversations/{id}',
            ...options
        });
    }
    
    /**
     * One conversation
     *
     * Needs the permission `answers:ask`.
     */
    public getConversation<ThrowOnError extends boolean = false>(options: Options<GetConversationData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetConversationResponses, GetConversationErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/conversations/{id}',
            ...options
        });
    }
    
    /**
     * Rename a conversation
     *
     * Needs the permission `answers:ask`.
     */
    public updateConversation<ThrowOnError extends boolean = false>(options: Options<UpdateConversationData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateConversationResponses, UpdateConversationErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/conversations/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Messages of a conversation
     *
     * Oldest first. Answers carry their citations and quality in `metadata`.
     *
     * Needs the permission `answers:ask`.
     */
    public listConversationMessages<ThrowOnError extends boolean = false>(options: Options<ListConversationMessagesData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListConversationMessagesResponses, ListConversationMessagesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/conversations/{id}/messages',
            ...options
        });
    }
    
    /**
     * Is the process alive?
     *
     * Never asks a dependency: a database that is down is no reason to restart this process.
     *
     * Public: needs no key.
     */
    public getLiveness<ThrowOnError extends boolean = false>(options?: Options<GetLivenessData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetLivenessResponses, GetLivenessErrors, ThrowOnError>({ url: '/health/live', ...options });
    }
    
    /**
     * May it be sent traffic?
     *
     * Each dependency with its state; 503 while one is `down` or the process is draining. `degraded` is no reason to send no traffic: something is impaired that answers do without.
     *
     * Public: needs no key.
     */
    public getReadiness<ThrowOnError extends boolean = false>(options?: Options<GetReadinessData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetReadinessResponses, GetReadinessErrors, ThrowOnError>({ url: '/health/ready', ...options });
    }
    
    /**
     * Has it finished starting?
     *
     * The port opens when the start is complete: from then on the answer is yes, whatever becomes of a dependency.
     *
     * Public: needs no key.
     */
    public getStartup<ThrowOnError extends boolean = false>(options?: Options<GetStartupData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetStartupResponses, GetStartupErrors, ThrowOnError>({ url: '/health/startup', ...options });
    }
    
    /**
     * List collections
     *
     * Needs the permission `documents:read`.
     */
    public listCollections<ThrowOnError extends boolean = false>(options?: Options<ListCollectionsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListCollectionsResponses, ListCollectionsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/collections',
            ...options
        });
    }
    
    /**
     * Create a collection
     *
     * Needs the permission `documents:write`.
     */
    public createCollection<ThrowOnError extends boolean = false>(options: Options<CreateCollectionData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateCollectionResponses, CreateCollectionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/collections',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete an empty collection
     *
     * Needs the permission `documents:write`.
     */
    public deleteCollection<ThrowOnError extends boolean = false>(options: Options<DeleteCollectionData, ThrowOnError>) {
        return (options.client ?? this.client).delete<DeleteCollectionResponses, DeleteCollectionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/collections/{id}',
            ...options
        });
    }
    
    /**
     * One collection
     *
     * Needs the permission `documents:read`.
     */
    public getCollection<ThrowOnError extends boolean = false>(options: Options<GetCollectionData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetCollectionResponses, GetCollectionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/collections/{id}',
            ...options
        });
    }
    
    /**
     * Change a collection
     *
     * New chunking settings apply to documents that come after; `POST …/reprocess` applies them to the others.
     *
     * Needs the permission `documents:write`.
     */
    public updateCollection<ThrowOnError extends boolean = false>(options: Options<UpdateCollectionData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateCollectionResponses, UpdateCollectionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/collections/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Process the documents of a collection anew
     *
     * Ready documents are parsed and chunked again with the present settings, in the background. They keep their ids and are found as they are until that is done; `reprocessing` of the collection tells how many are left.
     *
     * Needs the permission `documents:write`.
     */
    public reprocessCollection<ThrowOnError extends boolean = false>(options: Options<ReprocessCollectionData, ThrowOnError>) {
        return (options.client ?? this.client).post<ReprocessCollectionResponses, ReprocessCollectionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/collections/{id}/reprocess',
            ...options
        });
    }
    
    /**
     * List documents
     *
     * Newest first.
     *
     * Needs the permission `documents:read`.
     */
    public listDocuments<ThrowOnError extends boolean = false>(options?: Options<ListDocumentsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListDocumentsResponses, ListDocumentsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents',
            ...options
        });
    }
    
    /**
     * Upload files
     *
     * txt, md, html, csv, json, pdf, docx, pptx, xlsx, odt, epub, rtf, eml and more. They are on the disk and queued when this answers 202; `GET /rag/documents/{id}` shows the progress. With `wait=true` it answers 200 when they are processed.
     *
     * Needs the permission `documents:write`.
     */
    public uploadDocuments<ThrowOnError extends boolean = false>(options: Options<UploadDocumentsData, ThrowOnError>) {
        return (options.client ?? this.client).post<UploadDocumentsResponses, UploadDocumentsErrors, ThrowOnError>({
            ...formDataBodySerializer,
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents',
            ...options,
            headers: {
                'Content-Type': null,
                ...options.headers
            }
        });
    }
    
    /**
     * Delete many documents
     *
     * Needs the permission `documents:write`.
     */
    public deleteDocuments<ThrowOnError extends boolean = false>(options: Options<DeleteDocumentsData, ThrowOnError>) {
        return (options.client ?? this.client).post<DeleteDocumentsResponses, DeleteDocumentsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents/batch-delete',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a document
     *
     * With its chunks, vectors, file and cached results.
     *
     * Needs the permission `documents:write`.
     */
    public deleteDocument<ThrowOnError extends boolean = false>(options: Options<DeleteDocumentData, ThrowOnError>) {
        return (options.client ?? this.client).delete<DeleteDocumentResponses, DeleteDocumentErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents/{id}',
            ...options
        });
    }
    
    /**
     * One document
     *
     * Needs the permission `documents:read`.
     */
    public getDocument<ThrowOnError extends boolean = false>(options: Options<GetDocumentData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetDocumentResponses, GetDocumentErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents/{id}',
            ...options
        });
    }
    
    /**
     * Change what is said about a document
     *
     * Its collection, metadata and source; searches show it when this returns. Chunks stay as they are. The title is part of what is searched: to change it, send the document again.
     *
     * Needs the permission `documents:write`.
     */
    public updateDocument<ThrowOnError extends boolean = false>(options: Options<UpdateDocumentData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateDocumentResponses, UpdateDocumentErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Chunks of a document
     *
     * In order; `start` and `end` are offsets into its content.
     *
     * Needs the permission `documents:read`.
     */
    public listDocumentChunks<ThrowOnError extends boolean = false>(options: Options<ListDocumentChunksData, ThrowOnError>) {
        return (options.client ?? this.client).get<ListDocumentChunksResponses, ListDocumentChunksErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents/{id}/chunks',
            ...options
        });
    }
    
    /**
     * The text of a document
     *
     * All offsets of chunks and citations count in this text.
     *
     * Needs the permission `documents:read`.
     */
    public getDocumentContent<ThrowOnError extends boolean = false>(options: Options<GetDocumentContentData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetDocumentContentResponses, GetDocumentContentErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents/{id}/content',
            ...options
        });
    }
    
    /**
     * The original of a document
     *
     * The file as it was uploaded, or the text as it was sent; always as a download, with the media type that was detected.
     *
     * Needs the permission `documents:read`.
     */
    public downloadDocument<ThrowOnError extends boolean = false>(options: Options<DownloadDocumentData, ThrowOnError>) {
        return (options.client ?? this.client).get<DownloadDocumentResponses, DownloadDocumentErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/documents/{id}/file',
            ...options
        });
    }
    
    /**
     * Add a text
     *
     * Searchable when this returns. The same text twice in a collection is stored once.
     *
     * Needs the permission `documents:write`.
     */
    public ingestText<ThrowOnError extends boolean = false>(options: Options<IngestTextData, ThrowOnError>) {
        return (options.client ?? this.client).post<IngestTextResponses, IngestTextErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/ingest',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Search
     *
     * Passages by meaning of words, Chinese and English. `X-Cache` says whether the result was remembered.
     *
     * Needs the permission `search:query`.
     */
    public searchPassages<ThrowOnError extends boolean = false>(options: Options<SearchPassagesData, ThrowOnError>) {
        return (options.client ?? this.client).get<SearchPassagesResponses, SearchPassagesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/search',
            ...options
        });
    }
    
    /**
     * Search, with structured filters
     *
     * Like `GET /rag/search`; the filter is an object.
     *
     * Needs the permission `search:query`.
     */
    public queryPassages<ThrowOnError extends boolean = false>(options: Options<QueryPassagesData, ThrowOnError>) {
        return (options.client ?? this.client).post<QueryPassagesResponses, QueryPassagesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/search',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Several searches at once
     *
     * Results in the order of the queries. One that fails leaves the others alone: its place has an `error`.
     *
     * Needs the permission `search:query`.
     */
    public searchPassagesBatch<ThrowOnError extends boolean = false>(options: Options<SearchPassagesBatchData, ThrowOnError>) {
        return (options.client ?? this.client).post<SearchPassagesBatchResponses, SearchPassagesBatchErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/search/batch',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * What is stored and indexed
     *
     * Needs the permission `documents:read`.
     */
    public getRagStats<ThrowOnError extends boolean = false>(options?: Options<GetRagStatsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetRagStatsResponses, GetRagStatsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/rag/stats',
            ...options
        });
    }
    
    /**
     * Ask a question
     *
     * Answers from the documents, each statement with a citation that can be looked up; refuses when the evidence is thin. With `stream: true` the answer comes as server-sent events while it is made; `Last-Event-ID` takes it up again there, and an `Idempotency-Key` changes nothing.
     *
     * Needs the permission `answers:ask`.
     */
    public askQuestion<ThrowOnError extends boolean = false>(options: Options<AskQuestionData, ThrowOnError>) {
        return (options.client ?? this.client).post<AskQuestionResponses, AskQuestionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/smart-qa/chat',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Stop a streamed answer
     *
     * By the id of its stream, which `X-Stream-Id` and the ids of its events name, on whichever process it is made. What was said is kept in the conversation.
     *
     * Needs the permission `answers:ask`.
     */
    public cancelAnswer<ThrowOnError extends boolean = false>(options: Options<CancelAnswerData, ThrowOnError>) {
        return (options.client ?? this.client).post<CancelAnswerResponses, CancelAnswerErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/smart-qa/chat/{id}/cancel',
            ...options
        });
    }
    
    /**
     * What users think of answers
     *
     * Of all users of the tenant, the newest first, for evaluations: questions and answers are shown, hence the permission. Judgements go with their conversation.
     *
     * Needs the permission `audit:read`.
     */
    public listAnswerFeedback<ThrowOnError extends boolean = false>(options?: Options<ListAnswerFeedbackData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListAnswerFeedbackResponses, ListAnswerFeedbackErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/smart-qa/feedback',
            ...options
        });
    }
    
    /**
     * Judge an answer
     *
     * Kept with question, answer and what it was made from: the passages with their text, the personality, the versions of index, embedding and program.
     *
     * Needs the permission `answers:ask`.
     */
    public addAnswerFeedback<ThrowOnError extends boolean = false>(options: Options<AddAnswerFeedbackData, ThrowOnError>) {
        return (options.client ?? this.client).post<AddAnswerFeedbackResponses, AddAnswerFeedbackErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/smart-qa/messages/{id}/feedback',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List tenants
     *
     * Needs the permission `tenants:manage`.
     */
    public listTenants<ThrowOnError extends boolean = false>(options?: Options<ListTenantsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListTenantsResponses, ListTenantsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/tenants',
            ...options
        });
    }
    
    /**
     * Create a tenant
     *
     * Makes its schema and its first owner key; asked again after a call that broke off, it finishes that. Only keys of the tenant `default` may.
     *
     * Needs the permission `tenants:manage`.
     */
    public createTenant<ThrowOnError extends boolean = false>(options: Options<CreateTenantData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateTenantResponses, CreateTenantErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/tenants',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * One tenant
     *
     * Needs the permission `tenants:manage`.
     */
    public getTenant<ThrowOnError extends boolean = false>(options: Options<GetTenantData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetTenantResponses, GetTenantErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/tenants/{id}',
            ...options
        });
    }
    
    /**
     * Issue another owner key of a tenant
     *
     * For a tenant that has lost its own. Only keys of the tenant `default` with the permission `*` may, and the audit trails of both tenants tell of it.
     *
     * Needs the permission `tenants:manage`.
     */
    public issueOwnerKey<ThrowOnError extends boolean = false>(options: Options<IssueOwnerKeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<IssueOwnerKeyResponses, IssueOwnerKeyErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/tenants/{id}/owner-key',
            ...options
        });
    }
    
    /**
     * Ask in the OpenAI form
     *
     * For any OpenAI client. The last user message is answered from the documents, with citations as annotations; the caller owns the conversation, nothing of it is kept. Open WebUI's own jobs (`X-OpenWebUI-Task`, or a prompt that begins `### Task:`) are answered without documents.
     *
     * Needs the permission `answers:ask`.
     */
    public createChatCompletion<ThrowOnError extends boolean = false>(options: Options<CreateChatCompletionData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateChatCompletionResponses, CreateChatCompletionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/chat/completions',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Stop a streamed completion
     *
     * By the `id` in its chunks, on whichever process it is made. Its stream ends with the reason `stop` after what was said.
     *
     * Needs the permission `answers:ask`.
     */
    public cancelChatCompletion<ThrowOnError extends boolean = false>(options: Options<CancelChatCompletionData, ThrowOnError>) {
        return (options.client ?? this.client).post<CancelChatCompletionResponses, CancelChatCompletionErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/chat/completions/{id}/cancel',
            ...options
        });
    }
    
    /**
     * The figures of this moment
     *
     * Requests, engines and queues are those of the tenant on all processes, up to half a second behind; `system` is the process that answers. `WS /ws/dashboard` sends the same every second, to whom may call this route: with the same headers, or from a page with the subprotocols `ai-stack.v1` and `bearer.<key or token>`. It is closed with 3000 when the key or token ends and with 1001 when the server stops; whoever reads slowly misses frames and then gets the newest.
     *
     * Needs the permission `dashboard:read`.
     */
    public getRealtimeDashboard<ThrowOnError extends boolean = false>(options?: Options<GetRealtimeDashboardData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetRealtimeDashboardResponses, GetRealtimeDashboardErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/dashboard/realtime',
            ...options
        });
    }
    
    /**
     * Embed texts in the OpenAI form
     *
     * The vectors that this installation searches with.
     *
     * Needs the permission `search:query`.
     */
    public createEmbeddings<ThrowOnError extends boolean = false>(options: Options<CreateEmbeddingsData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreateEmbeddingsResponses, CreateEmbeddingsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/embeddings',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the engines
     *
     * In the order in which they stand in for each other; the first one is the default of the installation.
     *
     * Needs the permission `engines:read`.
     */
    public listEngines<ThrowOnError extends boolean = false>(options?: Options<ListEnginesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListEnginesResponses, ListEnginesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/engines',
            ...options
        });
    }
    
    /**
     * The engine in use
     *
     * It answers whatever names no engine of its own.
     *
     * Needs the permission `engines:read`.
     */
    public getCurrentEngine<ThrowOnError extends boolean = false>(options?: Options<GetCurrentEngineData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetCurrentEngineResponses, GetCurrentEngineErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/engines/current',
            ...options
        });
    }
    
    /**
     * Figures of the engines
     *
     * Time, tokens and cost of what the engines wrote for the tenant, on all processes: by engine and model, and the newest 50 runs. Figures are of whole minutes, percentiles within 5 % of the exact ones.
     *
     * Needs the permission `engines:read`.
     */
    public getEnginePerformance<ThrowOnError extends boolean = false>(options?: Options<GetEnginePerformanceData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetEnginePerformanceResponses, GetEnginePerformanceErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/engines/performance',
            ...options
        });
    }
    
    /**
     * Switch the engine
     *
     * For the whole tenant: here when it answers, on all other processes within a second, without a restart. Answers under way finish where they began. Kept in the audit trail.
     *
     * Needs the permission `engines:manage`.
     */
    public switchEngine<ThrowOnError extends boolean = false>(options: Options<SwitchEngineData, ThrowOnError>) {
        return (options.client ?? this.client).post<SwitchEngineResponses, SwitchEngineErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/engines/switch',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Health of an engine
     *
     * Asked now: of an engine with a language model, whether its server answers.
     *
     * Needs the permission `engines:read`.
     */
    public checkEngineHealth<ThrowOnError extends boolean = false>(options: Options<CheckEngineHealthData, ThrowOnError>) {
        return (options.client ?? this.client).get<CheckEngineHealthResponses, CheckEngineHealthErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/engines/{name}/health',
            ...options
        });
    }
    
    /**
     * Forget many
     *
     * All your own memories, those of one whom you serve (`user_id`), or both and everybody's (`all=true`), with their history and the turns that wait: at once and for good.
     *
     * Needs the permission `memories:write`.
     */
    public forgetMemories<ThrowOnError extends boolean = false>(options?: Options<ForgetMemoriesData, ThrowOnError>) {
        return (options?.client ?? this.client).delete<ForgetMemoriesResponses, ForgetMemoriesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories',
            ...options
        });
    }
    
    /**
     * List memories
     *
     * Newest first.
     *
     * Needs the permission `memories:read`.
     */
    public listMemories<ThrowOnError extends boolean = false>(options?: Options<ListMemoriesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListMemoriesResponses, ListMemoriesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories',
            ...options
        });
    }
    
    /**
     * Remember
     *
     * A text, or what is worth keeping of a turn: facts about the user, found by rules in Chinese and English. What is known is not kept twice; what contradicts it takes its place.
     *
     * Needs the permission `memories:write`.
     */
    public addMemory<ThrowOnError extends boolean = false>(options: Options<AddMemoryData, ThrowOnError>) {
        return (options.client ?? this.client).post<AddMemoryResponses, AddMemoryErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Turns that wait to become memories
     *
     * Turns of your conversations are learnt from in the background, usually within seconds. One that fails is tried eight times in about two hours, then shown here for seven days.
     *
     * Needs the permission `memories:read`.
     */
    public getMemoryQueue<ThrowOnError extends boolean = false>(options?: Options<GetMemoryQueueData, ThrowOnError>) {
        return (options?.client ?? this.client).get<GetMemoryQueueResponses, GetMemoryQueueErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories/queue',
            ...options
        });
    }
    
    /**
     * Search memories
     *
     * By words and by meaning, over the newest 5,000, for 300 ms at most: `timed_out` says when that was not enough.
     *
     * Needs the permission `memories:read`.
     */
    public searchMemories<ThrowOnError extends boolean = false>(options: Options<SearchMemoriesData, ThrowOnError>) {
        return (options.client ?? this.client).post<SearchMemoriesResponses, SearchMemoriesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories/search',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Forget a memory
     *
     * Out of sight at once; it and its history are erased after seven days.
     *
     * Needs the permission `memories:write`.
     */
    public forgetMemory<ThrowOnError extends boolean = false>(options: Options<ForgetMemoryData, ThrowOnError>) {
        return (options.client ?? this.client).delete<ForgetMemoryResponses, ForgetMemoryErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories/{id}',
            ...options
        });
    }
    
    /**
     * One memory
     *
     * Needs the permission `memories:read`.
     */
    public getMemory<ThrowOnError extends boolean = false>(options: Options<GetMemoryData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetMemoryResponses, GetMemoryErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories/{id}',
            ...options
        });
    }
    
    /**
     * Change a memory
     *
     * Needs the permission `memories:write`.
     */
    public updateMemory<ThrowOnError extends boolean = false>(options: Options<UpdateMemoryData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdateMemoryResponses, UpdateMemoryErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Changes of a memory
     *
     * Oldest first; of a forgotten memory for seven days.
     *
     * Needs the permission `memories:read`.
     */
    public getMemoryHistory<ThrowOnError extends boolean = false>(options: Options<GetMemoryHistoryData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetMemoryHistoryResponses, GetMemoryHistoryErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/memories/{id}/history',
            ...options
        });
    }
    
    /**
     * List what can be asked, as models
     *
     * `ai-stack` answers from all documents with the current engine, `engine:<engine>` with that engine and no other, `rag:<collection>` from one collection (the first thousand by name).
     *
     * Needs the permission `answers:ask`.
     */
    public listModels<ThrowOnError extends boolean = false>(options?: Options<ListModelsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListModelsResponses, ListModelsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/models',
            ...options
        });
    }
    
    /**
     * One model
     *
     * Needs the permission `answers:ask`.
     */
    public getModel<ThrowOnError extends boolean = false>(options: Options<GetModelData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetModelResponses, GetModelErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/models/{id}',
            ...options
        });
    }
    
    /**
     * List personalities
     *
     * By name.
     *
     * Needs the permission `personalities:read`.
     */
    public listPersonalities<ThrowOnError extends boolean = false>(options?: Options<ListPersonalitiesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListPersonalitiesResponses, ListPersonalitiesErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/personalities',
            ...options
        });
    }
    
    /**
     * Add a personality
     *
     * Questions choose it by its id (`personality_id`). Kept in the audit trail, as every change of it.
     *
     * Needs the permission `personalities:manage`.
     */
    public createPersonality<ThrowOnError extends boolean = false>(options: Options<CreatePersonalityData, ThrowOnError>) {
        return (options.client ?? this.client).post<CreatePersonalityResponses, CreatePersonalityErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/personalities',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a personality
     *
     * Needs the permission `personalities:manage`.
     */
    public deletePersonality<ThrowOnError extends boolean = false>(options: Options<DeletePersonalityData, ThrowOnError>) {
        return (options.client ?? this.client).delete<DeletePersonalityResponses, DeletePersonalityErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/personalities/{id}',
            ...options
        });
    }
    
    /**
     * One personality
     *
     * Needs the permission `personalities:read`.
     */
    public getPersonality<ThrowOnError extends boolean = false>(options: Options<GetPersonalityData, ThrowOnError>) {
        return (options.client ?? this.client).get<GetPersonalityResponses, GetPersonalityErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/personalities/{id}',
            ...options
        });
    }
    
    /**
     * Change a personality
     *
     * What is absent stays, null removes. Holds for questions that begin later: here at once, on other processes as soon as they hear of it.
     *
     * Needs the permission `personalities:manage`.
     */
    public updatePersonality<ThrowOnError extends boolean = false>(options: Options<UpdatePersonalityData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UpdatePersonalityResponses, UpdatePersonalityErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/personalities/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the tools
     *
     * What a language model may have done for it while it answers. It is offered those that the key may use and the personality names.
     *
     * Needs the permission `answers:ask`.
     */
    public listTools<ThrowOnError extends boolean = false>(options?: Options<ListToolsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<ListToolsResponses, ListToolsErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/tools',
            ...options
        });
    }
    
    /**
     * Try a tool
     *
     * Runs it as for a model: the same checks, time-out and limit on the result. Where a model would read `{error: {code, message}}`, the answer is a Problem with that code: arguments that do not fit are 400, a permission that the key lacks 403, a tool that is not done in time 504.
     *
     * Needs the permission `answers:ask`.
     */
    public runTool<ThrowOnError extends boolean = false>(options: Options<RunToolData, ThrowOnError>) {
        return (options.client ?? this.client).post<RunToolResponses, RunToolErrors, ThrowOnError>({
            security: [{ scheme: 'bearer', type: 'http' }, { name: 'X-API-Key', type: 'apiKey' }],
            url: '/v1/tools/{name}/run',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
}
