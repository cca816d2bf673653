// generated, do not edit: npm run generate

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type AddMemoryRequest = {
    /**
     * Kept as it is, unless it is known
     */
    text?: string;
    /**
     * A turn of a conversation: what is worth it is kept
     */
    messages?: Array<{
        role: 'system' | 'user' | 'assistant';
        content: string;
    }>;
    /**
     * Somebody whom you serve, by your own name for them; without it, your own memories
     */
    user_id?: string;
    metadata?: {
        [key: string]: unknown;
    };
    /**
     * Not shown from then on
     */
    expires_at?: string;
};

export type Answer = {
    answer: string;
    citations: Array<Citation>;
    quality: AnswerQuality;
    /**
     * Why the answer ends: it is whole, the model had no room for more, somebody stopped it, or tools are to be run
     */
    finish_reason: 'stop' | 'length' | 'cancelled' | 'tool_calls';
    /**
     * The documents do not answer the question
     */
    refused: boolean;
    conversation_id: string;
    message_id: string;
    /**
     * Who made the answer
     */
    engine: string;
    /**
     * Why this engine: named by the request, chosen by the tenant, of the installation, or in place of one that is down
     */
    engine_reason: 'requested' | 'tenant' | 'default' | 'failover';
    /**
     * What memories of the user gave to the answer; absent when none were looked for
     */
    memory?: MemoryUse;
    /**
     * Tools that ran for the answer
     */
    tool_runs?: Array<ToolRun>;
    took_ms: number;
};

export type AnswerQuality = {
    score: number;
    /**
     * How much of the answer the cited passages support
     */
    groundedness: number;
    /**
     * How far it speaks about what was asked
     */
    relevance: number;
    /**
     * How much of the question the evidence covers
     */
    coverage: number;
};

export type AnswerRecord = {
    citations?: Array<Citation>;
    quality?: AnswerQuality;
    /**
     * The documents do not answer the question
     */
    refused?: boolean;
    engine?: string;
    /**
     * Why this engine: named by the request, chosen by the tenant, of the installation, or in place of one that is down
     */
    engine_reason?: 'requested' | 'tenant' | 'default' | 'failover';
    model?: string;
    /**
     * Why the answer ends: it is whole, the model had no room for more, somebody stopped it, or tools are to be run
     */
    finish_reason?: 'stop' | 'length' | 'cancelled' | 'tool_calls';
    took_ms?: number;
    memory?: MemoryUse;
    tool_runs?: Array<ToolRun>;
    /**
     * The question as searched: follow-ups are completed
     */
    query?: string;
    /**
     * How it was searched
     */
    mode?: 'hybrid' | 'vector' | 'keyword';
    /**
     * The only ones that were searched, as the question named them
     */
    collections?: Array<string> | null;
    /**
     * What the metadata of documents had to meet
     */
    filter?: {
        [key: string]: unknown;
    } | null;
    top_k?: number;
    personality?: {
        id: string;
        name: string;
        updated_at: string;
    } | null;
    /**
     * The passages that the answer could draw on, the best first
     */
    retrieved?: Array<{
        chunk_id: string;
        doc_id: string;
        score: number;
        title?: string;
        /**
         * Offset into the content of the document
         */
        start?: number;
        end?: number;
        /**
         * Of its text in UTF-8, base64url
         */
        sha256?: string;
    }>;
    /**
     * Where the index stood
     */
    index_seq?: number;
    embedding_space?: string;
    /**
     * Of the program
     */
    version?: string;
    [key: string]: unknown;
};

export type ApiKey = {
    id: string;
    name: string;
    /**
     * First characters, to recognise it by
     */
    prefix: string;
    permissions: Array<string>;
    expires_at: string | null;
    /**
     * By itself or a token of it, up to a minute ago; null: never
     */
    last_used_at: string | null;
    revoked_at: string | null;
    created_at: string;
};

export type ApiKeyPage = {
    items: Array<ApiKey>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
};

export type AuditEntry = {
    id: string;
    /**
     * `api_key:<id>`, or `system:<part of the program>`
     */
    actor: string;
    action: string;
    /**
     * What was acted on
     */
    subject: string;
    detail: {
        [key: string]: unknown;
    };
    at: string;
};

export type AuditEntryPage = {
    items: Array<AuditEntry>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * For the next page; null after the last one
     */
    next_cursor: string | null;
};

export type BatchDeleteRequest = {
    /**
     * Document ids
     */
    items: Array<string>;
};

export type BatchDeleteResult = {
    items: Array<{
        index: number;
        doc_id: string;
        status: 'deleted' | 'not_found';
    }>;
    succeeded: number;
    failed: number;
};

export type BatchSearchRequest = {
    queries: Array<SearchRequest>;
};

export type BatchSearchResult = {
    results: Array<SearchResult | FailedSearch>;
};

export type CacheDropped = {
    /**
     * Entries that went in the process that answered; the others drop theirs too
     */
    dropped: number;
};

export type CacheKey = {
    key: string;
    namespace: 'search' | 'answers' | 'queries' | 'personalities' | 'http' | 'principals';
    bytes: number;
    tags: Array<string>;
    expires_at: string;
};

export type CacheKeyPage = {
    items: Array<CacheKey>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * False: there are more keys than one listing looks at; total counts those looked at
     */
    complete: boolean;
};

export type CacheStats = {
    namespaces: Array<{
        namespace: 'search' | 'answers' | 'queries' | 'personalities' | 'http' | 'principals';
        hits: number;
        /**
         * Coalesced ones included
         */
        misses: number;
        /**
         * Answered with an old value while a new one was loaded
         */
        stale: number;
        /**
         * Misses that waited for a load already under way
         */
        coalesced: number;
        /**
         * (hits + stale) / lookups; 0 before the first
         */
        hit_rate: number;
        entries: number;
        /**
         * Approximate memory
         */
        bytes: number;
        /**
         * Entries that made room for others
         */
        evictions: number;
        /**
         * Values not kept because of their size
         */
        too_large: number;
    }>;
    /**
     * Memory that all tenants share
     */
    max_bytes: number;
};

export type ChangeApiKeyRequest = {
    name?: string;
    /**
     * In place of those it has
     */
    permissions?: Array<'*' | 'documents:*' | 'search:*' | 'answers:*' | 'engines:*' | 'personalities:*' | 'memories:*' | 'analytics:*' | 'dashboard:*' | 'cache:*' | 'audit:*' | 'keys:*' | 'tenants:*' | 'documents:read' | 'documents:write' | 'search:query' | 'answers:ask' | 'engines:read' | 'engines:manage' | 'personalities:read' | 'personalities:manage' | 'memories:read' | 'memories:write' | 'analytics:read' | 'dashboard:read' | 'cache:read' | 'cache:write' | 'audit:read' | 'keys:manage' | 'tenants:manage'>;
    /**
     * RFC 3339; null: never
     */
    expires_at?: string | null;
};

export type ChatCompletion = {
    id: string;
    object: 'chat.completion';
    /**
     * Seconds since 1970
     */
    created: number;
    model: string;
    choices: Array<{
        index: number;
        message: {
            role: 'assistant';
            /**
             * Null when there is nothing but calls of tools
             */
            content: string | null;
            tool_calls?: Array<{
                id: string;
                type: 'function';
                function: {
                    name: string;
                    /**
                     * JSON as the model wrote it
                     */
                    arguments: string;
                };
            }>;
            refusal: string | null;
            annotations: Array<{
                type: 'url_citation';
                url_citation: {
                    /**
                     * Where the document came from, when it was added with an http address; else its content here
                     */
                    url: string;
                    title: string;
                    /**
                     * Where the marker stands in the answer as you have it, in UTF-16 code units: `[n]`, in a stream also as the model wrote it (`[1, 2]`)
                     */
                    start_index: number;
                    end_index: number;
                };
                /**
                 * Our addition: what the citation stands on
                 */
                source: {
                    doc_id: string;
                    chunk_id: string;
                    page: number | null;
                    start: number;
                    end: number;
                    /**
                     * Exactly content.slice(start, end) of the document
                     */
                    quote: string;
                };
            }>;
        };
        logprobs: string | null;
        finish_reason: 'stop' | 'length' | 'tool_calls';
    }>;
    /**
     * As the language model counted, over all it wrote for the answer; without one estimated from the messages and the answer
     */
    usage: {
        prompt_tokens: number;
        completion_tokens: number;
        total_tokens: number;
    };
};

export type ChatCompletionRequest = {
    /**
     * `ai-stack` (all documents), `engine:<engine>` or `rag:<collection>`
     */
    model: string;
    /**
     * The last user message is the question; the newest 40 messages before it, at least, are what it may lean on. Nothing of it is kept.
     */
    messages: Array<{
        role: 'user';
        content: string | Array<{
            /**
             * `text`; other parts are refused in the question and left out before it
             */
            type: string;
            text?: string;
            [key: string]: unknown;
        }>;
        [key: string]: unknown;
    } | {
        role: 'assistant';
        content?: string | Array<{
            /**
             * `text`; other parts are refused in the question and left out before it
             */
            type: string;
            text?: string;
            [key: string]: unknown;
        }> | null;
        tool_calls?: Array<{
            id: string;
            type?: 'function';
            function: {
                name: string;
                arguments: string;
                [key: string]: unknown;
            };
            [key: string]: unknown;
        }> | null;
        [key: string]: unknown;
    } | {
        role: 'system';
        content: string | Array<{
            /**
             * `text`; other parts are refused in the question and left out before it
             */
            type: string;
            text?: string;
            [key: string]: unknown;
        }>;
        [key: string]: unknown;
    } | {
        role: 'developer';
        content: string | Array<{
            /**
             * `text`; other parts are refused in the question and left out before it
             */
            type: string;
            text?: string;
            [key: string]: unknown;
        }>;
        [key: string]: unknown;
    } | {
        role: 'tool';
        content?: string | Array<{
            /**
             * `text`; other parts are refused in the question and left out before it
             */
            type: string;
            text?: string;
            [key: string]: unknown;
        }> | null;
        tool_call_id?: string;
        [key: string]: unknown;
    } | {
        role: 'function';
        content?: string | Array<{
            /**
             * `text`; other parts are refused in the question and left out before it
             */
            type: string;
            text?: string;
            [key: string]: unknown;
        }> | null;
        [key: string]: unknown;
    }>;
    /**
     * true: server-sent chunks
     */
    stream?: boolean | null;
    stream_options?: {
        /**
         * One more chunk, with the usage
         */
        include_usage?: boolean | null;
        [key: string]: unknown;
    } | null;
    /**
     * The answer ends after so many tokens, with the reason `length`
     */
    max_completion_tokens?: number | null;
    /**
     * The older name of the same
     */
    max_tokens?: number | null;
    /**
     * The answer ends before one of these
     */
    stop?: string | Array<string> | null;
    /**
     * For the language model; extracted sentences do without
     */
    temperature?: number | null;
    /**
     * For the language model; extracted sentences do without
     */
    top_p?: number | null;
    /**
     * For the language model; extracted sentences do without
     */
    presence_penalty?: number | null;
    /**
     * For the language model; extracted sentences do without
     */
    frequency_penalty?: number | null;
    /**
     * For the language model; extracted sentences do without
     */
    seed?: number | null;
    /**
     * Whom the caller serves: his memories are used and added to; without it nobody’s
     */
    user?: string | null;
    /**
     * Taken and ignored
     */
    metadata?: {
        [key: string]: unknown;
    } | null;
    /**
     * Only 1
     */
    n?: number | null;
    /**
     * Only false
     */
    logprobs?: boolean | null;
    /**
     * Tools of the caller: the answer may ask for them (`finish_reason: "tool_calls"`); their results come back as `tool` messages. Needs a language model
     */
    tools?: Array<{
        type: 'function';
        function: {
            name: string;
            description?: string | null;
            /**
             * JSON Schema of an object
             */
            parameters?: {
                [key: string]: unknown;
            } | null;
            strict?: boolean | null;
            [key: string]: unknown;
        };
        [key: string]: unknown;
    }> | null;
    /**
     * With `required`, or a tool’s name, the answer asks for a tool of the caller
     */
    tool_choice?: 'none' | 'auto' | 'required' | {
        type: 'function';
        function: {
            name: string;
            [key: string]: unknown;
        };
        [key: string]: unknown;
    } | null;
    parallel_tool_calls?: boolean | null;
    /**
     * Beyond the form (`extra_body` of the clients): answered from these collections alone, by name or id
     */
    collections?: Array<string> | null;
    /**
     * Beyond the form: answered from documents with this metadata alone; as in `POST /rag/search`
     */
    filter?: {
        [key: string]: unknown;
    } | null;
    /**
     * JSON, and by which schema; such an answer has no citations. Needs a language model
     */
    response_format?: {
        type: 'text';
        [key: string]: unknown;
    } | {
        type: 'json_object';
        [key: string]: unknown;
    } | {
        type: 'json_schema';
        json_schema: {
            [key: string]: unknown;
        };
        [key: string]: unknown;
    } | null;
    [key: string]: unknown;
};

export type ChatModel = {
    /**
     * `ai-stack`, `engine:` and the name of an engine, or `rag:` and the name of a collection
     */
    id: string;
    object: 'model';
    /**
     * Seconds since 1970
     */
    created: number;
    owned_by: string;
    /**
     * For people
     */
    name: string;
};

export type ChatModelList = {
    object: 'list';
    data: Array<ChatModel>;
};

export type ChatRequest = {
    query: string;
    /**
     * Goes on with a conversation; without it a new one begins
     */
    conversation_id?: string;
    /**
     * Only this collection, by name or id; all of them when absent
     */
    collection?: string;
    /**
     * Only these collections, by name or id; not beside `collection`
     */
    collections?: Array<string>;
    /**
     * Condition on document metadata: fields with a value or `{eq, ne, in, gt, gte, lt, lte, exists, contains}`, joined by and; `and`, `or`, `not` nest; dots go deeper
     */
    filter?: {
        [key: string]: unknown;
    };
    /**
     * Who makes the answer; the current engine when absent
     */
    engine?: string;
    /**
     * Tone and instructions for this answer
     */
    personality_id?: string;
    /**
     * Passages to answer from
     */
    top_k?: number;
    /**
     * true: server-sent events `delta`, `citation`, `quality`, `done`, `error`
     */
    stream?: boolean;
};

export type Chunk = {
    chunk_id: string;
    ordinal: number;
    start: number;
    end: number;
    page: number | null;
    headings: Array<string>;
    text: string;
    token_count: number;
};

export type ChunkPage = {
    items: Array<Chunk>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * For the next page; null after the last one
     */
    next_cursor: string | null;
};

export type Citation = {
    /**
     * The [n] in the answer
     */
    index: number;
    doc_id: string;
    chunk_id: string;
    title: string;
    page: number | null;
    /**
     * Offset into the content of the document
     */
    start: number;
    end: number;
    /**
     * Exactly content.slice(start, end)
     */
    quote: string;
    score: number;
};

export type Collection = {
    id: string;
    name: string;
    description: string | null;
    chunking: {
        max_tokens: number;
        overlap_tokens: number;
        min_tokens: number;
    };
    /**
     * The same for all collections of the installation
     */
    embedding: {
        model: string;
        dimensions: number;
    };
    document_count: number;
    /**
     * Documents that wait to be processed anew, or are
     */
    reprocessing: number;
    created_at: string;
    updated_at: string;
};

export type CollectionPage = {
    items: Array<Collection>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
};

export type Conversation = {
    id: string;
    title: string | null;
    message_count: number;
    created_at: string;
    updated_at: string;
};

export type ConversationPage = {
    items: Array<Conversation>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * For the next page; null after the last one
     */
    next_cursor: string | null;
};

export type CreateApiKeyRequest = {
    name: string;
    permissions: Array<'*' | 'documents:*' | 'search:*' | 'answers:*' | 'engines:*' | 'personalities:*' | 'memories:*' | 'analytics:*' | 'dashboard:*' | 'cache:*' | 'audit:*' | 'keys:*' | 'tenants:*' | 'documents:read' | 'documents:write' | 'search:query' | 'answers:ask' | 'engines:read' | 'engines:manage' | 'personalities:read' | 'personalities:manage' | 'memories:read' | 'memories:write' | 'analytics:read' | 'dashboard:read' | 'cache:read' | 'cache:write' | 'audit:read' | 'keys:manage' | 'tenants:manage'>;
    /**
     * RFC 3339; absent: never, or with the key that creates it
     */
    expires_at?: string;
};

export type CreateCollectionRequest = {
    name: string;
    description?: string;
    chunking?: {
        /**
         * Longest chunk; 320 when absent
         */
        max_tokens?: number;
        /**
         * What neighbouring chunks share, at most half of max_tokens; when absent 64, or the half if that is less
         */
        overlap_tokens?: number;
        /**
         * Shorter neighbours under one heading are joined; at most max_tokens; when absent 80, or max_tokens if that is less
         */
        min_tokens?: number;
    };
};

export type CreatePersonalityRequest = {
    /**
     * The tenant has one of each name
     */
    name: string;
    /**
     * Instructions; they come first, but the rules that keep answers to their sources stand
     */
    system_prompt: string;
    /**
     * For people; no model reads it
     */
    description?: string | null;
    /**
     * The manner, in a few words
     */
    tone?: string | null;
    /**
     * Instead of the model that is configured (LLM_MODEL)
     */
    model?: string | null;
    temperature?: number | null;
    /**
     * Names of the tools it may use; null: all, []: none. Only those that the key may use are offered
     */
    tools?: Array<string> | null;
};

export type CreateTenantRequest = {
    slug: string;
    name: string;
};

export type CreatedApiKey = {
    id: string;
    name: string;
    /**
     * First characters, to recognise it by
     */
    prefix: string;
    permissions: Array<string>;
    expires_at: string | null;
    /**
     * By itself or a token of it, up to a minute ago; null: never
     */
    last_used_at: string | null;
    revoked_at: string | null;
    created_at: string;
    /**
     * Shown only now; the server keeps its hash
     */
    key: string;
};

export type CreatedTenant = {
    id: string;
    slug: string;
    name: string;
    status: 'active' | 'suspended' | 'deleting';
    created_at: string;
    owner_key: string;
};

export type CurrentEngine = {
    engine: string;
    model: string;
    /**
     * `tenant`: chosen by a switch; `default`: of the installation
     */
    source: 'tenant' | 'default';
};

export type DashboardFrame = {
    timestamp: string;
    /**
     * The newest 50, newest first
     */
    recent_requests: Array<{
        request_id: string | null;
        /**
         * Route pattern
         */
        endpoint: string;
        method: string;
        status_code: number;
        duration_ms: number;
        /**
         * Who asked; null when nobody was recognised
         */
        principal_id: string | null;
        /**
         * HIT, MISS or STALE on cached routes
         */
        cache: string | null;
        /**
         * Arrival
         */
        timestamp: string;
    }>;
    /**
     * Of the last 24 hours
     */
    statistics: {
        summary: {
            total_requests: number;
            /**
             * Answered with a status of 400 or above
             */
            error_count: number;
            error_rate: number;
            /**
             * Requests a second
             */
            qps: number;
        };
        /**
         * Milliseconds; percentiles are within 5 %
         */
        total_time: {
            avg: number;
            p50: number;
            p95: number;
            p99: number;
            max: number;
        };
        cache: {
            /**
             * Of the answers on cached routes; 0 while there are none
             */
            hit_rate: number;
            hits: number;
            lookups: number;
        };
        /**
         * Of the running minute and the one before
         */
        last_minute: {
            total_requests: number;
            /**
             * Answered with a status of 400 or above
             */
            error_count: number;
            error_rate: number;
            /**
             * Requests a second
             */
            qps: number;
            p95: number;
        };
    };
    /**
     * Of the last hour, the busiest first
     */
    engines: Array<{
        engine: string;
        model: string;
        runs: number;
        failed: number;
        avg_ms: number;
        p95_ms: number;
        first_token_p95_ms: number | null;
        prompt_tokens: number;
        completion_tokens: number;
        /**
         * By ENGINE_PRICES; null where no price is known
         */
        cost: number | null;
    }>;
    queues: Array<{
        name: string;
        waiting: number;
        active: number;
    }>;
    /**
     * The process that answers
     */
    system: {
        /**
         * Of the memory that the process may have
         */
        memory_usage: number;
        /**
         * Resident
         */
        memory_bytes: number;
        heap_bytes: number;
        /**
         * Of all cores, since the last look
         */
        cpu_usage: number;
        cpu_cores: number;
        /**
         * Since the last look; null at the first one
         */
        event_loop_delay_ms: {
            p99: number;
            max: number;
        } | null;
        uptime_seconds: number;
    };
};

export type Document = {
    doc_id: string;
    title: string;
    source: string | null;
    filename: string | null;
    collection: string;
    mime: string | null;
    bytes: number;
    pages: number | null;
    chunk_count: number;
    status: 'queued' | 'processing' | 'ready' | 'failed';
    progress: {
        stage: string;
        percent: number;
    } | null;
    /**
     * Why it failed
     */
    error: {
        code: string;
        message: string;
    } | null;
    /**
     * What a reader should know, e.g. pages that could not be read
     */
    warnings: Array<{
        code: string;
        message: string;
    }>;
    metadata: {
        [key: string]: unknown;
    };
    task_id: string | null;
    /**
     * Version of the text analysis that made its terms; see `GET /rag/stats`
     */
    analyser: string | null;
    created_at: string;
    updated_at: string;
};

export type DocumentContent = {
    doc_id: string;
    content: string;
    /**
     * Characters (UTF-16 code units, as offsets count them)
     */
    length: number;
};

export type DocumentPage = {
    items: Array<Document>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * For the next page; null after the last one
     */
    next_cursor: string | null;
};

export type EmbeddingList = {
    object: 'list';
    data: Array<{
        object: 'embedding';
        index: number;
        /**
         * Length 1; all zeros for a text without content
         */
        embedding: Array<number> | string;
    }>;
    model: string;
    /**
     * Estimated
     */
    usage: {
        prompt_tokens: number;
        total_tokens: number;
    };
};

export type EmbeddingRequest = {
    /**
     * `ai-stack-embedding`, or the name of the model that this installation uses
     */
    model: string;
    /**
     * One text or up to a thousand, 400,000 characters together; a text may have 8,000 with the built-in embedding, else 32,000. Token numbers are not taken: they belong to a vocabulary that is not known here.
     */
    input: string | Array<string>;
    /**
     * `base64`: little-endian 32-bit floats. Absent: `float`
     */
    encoding_format?: 'float' | 'base64';
    /**
     * Only the number that the model has
     */
    dimensions?: number | null;
    /**
     * Taken and ignored
     */
    user?: string | null;
    [key: string]: unknown;
};

export type EndpointStatistics = {
    /**
     * Route pattern
     */
    endpoint: string;
    method: string;
    requests: number;
    error_count: number;
    error_rate: number;
    avg_duration_ms: number;
    max_duration_ms: number;
    p50_ms: number;
    p95_ms: number;
    p99_ms: number;
    /**
     * null when no answer could come from a cache
     */
    cache_hit_rate: number | null;
};

export type EndpointStatisticsPage = {
    items: Array<EndpointStatistics>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * What was looked at: whole minutes; whole hours if it begins over 35 days ago (over 3 days for single endpoints)
     */
    window: {
        from: string;
        to: string;
    };
};

export type Engine = {
    name: string;
    /**
     * What writes: `extractive`, or the name of the language model
     */
    model: string;
    capabilities: {
        streaming: boolean;
        tools: boolean;
        memory: boolean;
    };
    /**
     * Answers for the tenant when a request names none
     */
    current: boolean;
    healthy: boolean;
    /**
     * Why it is not
     */
    detail?: string;
    /**
     * It answers all the same, without what is missing
     */
    degraded?: boolean;
    /**
     * On the process that answers; `open`: others stand in for it, `half_open`: it is being tried again
     */
    circuit: 'closed' | 'open' | 'half_open';
};

export type EngineHealth = {
    engine: string;
    healthy: boolean;
    /**
     * Why it is not
     */
    detail?: string;
    /**
     * It answers all the same, without what is missing
     */
    degraded?: boolean;
    /**
     * On the process that answers; `open`: others stand in for it, `half_open`: it is being tried again
     */
    circuit: 'closed' | 'open' | 'half_open';
};

export type EnginePerformance = {
    window: string;
    engines: Array<{
        engine: string;
        model: string;
        runs: number;
        failed: number;
        avg_ms: number;
        p50_ms: number;
        p95_ms: number;
        first_token_p95_ms: number | null;
        avg_retrieval_ms: number | null;
        /**
         * Finding memories; part of the generation
         */
        avg_memory_ms: number | null;
        avg_generation_ms: number;
        prompt_tokens: number;
        completion_tokens: number;
        /**
         * By ENGINE_PRICES; null where no price is known
         */
        cost: number | null;
    }>;
    /**
     * Newest first
     */
    recent: Array<{
        id: string;
        engine: string;
        model: string;
        engine_reason: 'requested' | 'tenant' | 'default' | 'failover';
        status: 'ok' | 'cancelled' | 'failed';
        total_ms: number;
        retrieval_ms: number | null;
        first_token_ms: number | null;
        memory_ms: number | null;
        generation_ms: number;
        prompt_tokens: number;
        completion_tokens: number;
        /**
         * The engine did not tell: counted from the texts
         */
        tokens_estimated: boolean;
        /**
         * By ENGINE_PRICES; null where no price is known
         */
        cost: number | null;
        at: string;
    }>;
};

export type Engines = {
    items: Array<Engine>;
};

export type FailedSearch = {
    error: Problem;
};

export type Feedback = {
    id: string;
    message_id: string;
    /**
     * The principal who judged
     */
    user_id: string;
    rating: 'up' | 'down';
    comment: string | null;
    context: FeedbackContext;
    created_at: string;
};

export type FeedbackContext = {
    citations?: Array<Citation>;
    quality?: AnswerQuality;
    /**
     * The documents do not answer the question
     */
    refused?: boolean;
    engine?: string;
    /**
     * Why this engine: named by the request, chosen by the tenant, of the installation, or in place of one that is down
     */
    engine_reason?: 'requested' | 'tenant' | 'default' | 'failover';
    model?: string;
    /**
     * Why the answer ends: it is whole, the model had no room for more, somebody stopped it, or tools are to be run
     */
    finish_reason?: 'stop' | 'length' | 'cancelled' | 'tool_calls';
    took_ms?: number;
    memory?: MemoryUse;
    tool_runs?: Array<ToolRun>;
    /**
     * The question as searched: follow-ups are completed
     */
    query?: string;
    /**
     * How it was searched
     */
    mode?: 'hybrid' | 'vector' | 'keyword';
    /**
     * The only ones that were searched, as the question named them
     */
    collections?: Array<string> | null;
    /**
     * What the metadata of documents had to meet
     */
    filter?: {
        [key: string]: unknown;
    } | null;
    top_k?: number;
    personality?: {
        id: string;
        name: string;
        updated_at: string;
        /**
         * As it was for the answer; absent, like all that follows, when it had been changed before the judgement
         */
        system_prompt?: string;
        tone?: string | null;
        model?: string | null;
        temperature?: number | null;
        tools?: Array<string> | null;
    } | null;
    retrieved?: Array<{
        chunk_id: string;
        doc_id: string;
        score: number;
        title?: string;
        /**
         * Offset into the content of the document
         */
        start?: number;
        end?: number;
        /**
         * Of its text in UTF-8, base64url
         */
        sha256?: string;
        /**
         * Null where the passage had changed or was gone when the answer was judged, or had no room beside better ones
         */
        text?: string | null;
    }>;
    /**
     * Where the index stood
     */
    index_seq?: number;
    embedding_space?: string;
    /**
     * Of the program
     */
    version?: string;
    question: string | null;
    answer: string;
    [key: string]: unknown;
};

export type FeedbackPage = {
    items: Array<Feedback>;
    /**
     * For the next page; null after the last one
     */
    next_cursor: string | null;
};

export type FeedbackReceipt = {
    id: string;
};

export type FeedbackRequest = {
    rating: 'up' | 'down';
    comment?: string;
};

export type Health = {
    /**
     * `degraded`: traffic can be served, if less well; `details` says what is impaired
     */
    status: 'ok' | 'degraded' | 'error' | 'shutting_down';
    info?: {
        [key: string]: {
            status: 'up' | 'degraded' | 'down';
            [key: string]: unknown;
        };
    } | null;
    error?: {
        [key: string]: {
            status: 'up' | 'degraded' | 'down';
            [key: string]: unknown;
        };
    } | null;
    details: {
        [key: string]: {
            status: 'up' | 'degraded' | 'down';
            [key: string]: unknown;
        };
    };
};

export type IngestReceipt = {
    doc_id: string;
    status: 'ready';
    chunk_count: number;
    /**
     * The same content was there already; this is that document
     */
    duplicate: boolean;
    /**
     * Pass it as min_seq to a search on another process to read this write
     */
    seq?: number;
};

export type IngestRequest = {
    /**
     * Plain text or Markdown, at most a million characters; upload more as a file
     */
    text: string;
    title?: string;
    /**
     * Where it comes from, e.g. a URL
     */
    source?: string;
    /**
     * Name or id of a collection; "default" when absent
     */
    collection?: string;
    metadata?: {
        [key: string]: unknown;
    };
};

export type IssuedOwnerKey = {
    /**
     * Id of the key
     */
    id: string;
    owner_key: string;
    /**
     * When the key that issued it ends; null: never
     */
    expires_at: string | null;
};

export type Me = {
    id: string;
    kind: 'api_key' | 'user' | 'system';
    tenant_id: string;
    tenant: string;
    permissions: Array<string>;
};

export type MemoriesForgotten = {
    deleted: number;
};

export type Memory = {
    id: string;
    text: string;
    /**
     * Null: your own
     */
    user_id: string | null;
    metadata: {
        [key: string]: unknown;
    };
    created_at: string;
    updated_at: string;
    expires_at: string | null;
};

export type MemoryChanges = {
    /**
     * What changed; empty when nothing was worth keeping, or all was known
     */
    items: Array<{
        id: string;
        text: string;
        event: 'ADD' | 'UPDATE' | 'DELETE';
        old_text?: string;
    }>;
};

export type MemoryHistoryAnswer = {
    items: Array<{
        id: string;
        event: 'ADD' | 'UPDATE' | 'DELETE';
        old_text: string | null;
        new_text: string | null;
        created_at: string;
    }>;
};

export type MemoryPage = {
    items: Array<Memory>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * For the next page; null after the last one
     */
    next_cursor: string | null;
};

export type MemoryQueue = {
    /**
     * Turns that wait to be learnt from
     */
    queued: number;
    /**
     * Turns that were given up in the last seven days
     */
    failed: number;
    oldest_queued_at: string | null;
    /**
     * The newest 20
     */
    failures: Array<{
        id: string;
        /**
         * Who was to learn from it: `own`, `mem0`
         */
        target: string;
        user_id: string | null;
        attempts: number;
        error: string | null;
        accepted_at: string;
        failed_at: string;
    }>;
};

export type MemorySearchAnswer = {
    items: Array<{
        id: string;
        text: string;
        /**
         * Null: your own
         */
        user_id: string | null;
        metadata: {
            [key: string]: unknown;
        };
        created_at: string;
        updated_at: string;
        expires_at: string | null;
        /**
         * 0 to 1; comparable within one search
         */
        score: number;
    }>;
    /**
     * Something was not waited for: the answer may lack memories
     */
    timed_out: boolean;
};

export type MemoryUse = {
    /**
     * So many memories were found
     */
    found: number;
    /**
     * Why the answer was made without all of them
     */
    missed?: 'timeout' | 'failed';
    took_ms: number;
};

export type Message = {
    id: string;
    role: string;
    content: string;
    /**
     * Of an answer; of a question it is empty
     */
    metadata: AnswerRecord;
    created_at: string;
};

export type MessagePage = {
    items: Array<Message>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * For the next page; null after the last one
     */
    next_cursor: string | null;
};

export type OpenAiError = {
    error: {
        /**
         * What happened and what to do about it, for a person
         */
        message: string;
        type: 'invalid_request_error' | 'authentication_error' | 'rate_limit_error' | 'server_error';
        /**
         * The faulty field, dots go deeper
         */
        param: string | null;
        /**
         * `<module>.<reason>`: stable, for programs
         */
        code: string;
    };
};

export type Personality = {
    id: string;
    name: string;
    description: string | null;
    system_prompt: string;
    tone: string | null;
    model: string | null;
    temperature: number | null;
    /**
     * null: all that the key may use
     */
    tools: Array<string> | null;
    created_at: string;
    updated_at: string;
};

export type PersonalityPage = {
    items: Array<Personality>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
};

export type Problem = {
    /**
     * `urn:ai-stack:error:` and the code
     */
    type: string;
    /**
     * The status in words
     */
    title: string;
    /**
     * The status of the response
     */
    status: number;
    /**
     * What happened and what to do about it, for a person
     */
    detail: string;
    /**
     * `<module>.<reason>`: stable, for programs
     */
    code: string;
    /**
     * The `X-Request-Id` of the response; the log of the server has it
     */
    trace_id: string;
    /**
     * One for each fault of the request
     */
    errors?: Array<{
        /**
         * The field, dots go deeper
         */
        path: string;
        message: string;
    }>;
    /**
     * On `/auth/token` and `/auth/revoke`: the code of OAuth 2, such as `invalid_client`
     */
    error?: string;
};

export type RagStats = {
    documents: number;
    documents_by_status: {
        [key: string]: number;
    };
    chunks: number;
    vectors: number;
    /**
     * Of the sources
     */
    bytes: number;
    /**
     * The embedding that searches compare vectors in
     */
    embedding_model: string;
    /**
     * The change to another embedding that is under way, in chunks; `error` says why it stands still
     */
    reembedding: {
        to: string;
        done: number;
        total: number;
        started_at: string;
        error: string | null;
        retry_at: string | null;
    } | null;
    /**
     * Version of the text analysis, with that of AI_STACK_USER_DICTIONARY
     */
    analyser: string;
    /**
     * Ready documents that were analysed by another version; `GET /rag/documents?analyser=outdated` lists them
     */
    documents_outdated: number;
    index: {
        state: 'ready' | 'compacting';
        seq: number;
        documents: number;
        chunks: number;
        heap_bytes: number;
        mapped_bytes: number;
    };
};

export type ReprocessingReceipt = {
    /**
     * Those that wait already are not counted again
     */
    queued: number;
};

export type RevokeTokenRequest = {
    /**
     * The JWT
     */
    token: string;
    /**
     * Id of an API key; absent with `Authorization: Basic`
     */
    client_id?: string;
    /**
     * The API key itself; absent with `Authorization: Basic`
     */
    client_secret?: string;
    /**
     * Not looked at
     */
    token_type_hint?: string;
};

export type RevokedToken = {
    active: false;
};

export type RunToolRequest = {
    /**
     * As the schema of the tool says; what is optional may be left out
     */
    arguments?: {
        [key: string]: unknown;
    };
};

export type SearchItem = {
    chunk_id: string;
    doc_id: string;
    title: string;
    text: string;
    headings: Array<string>;
    /**
     * Comparable within one answer only
     */
    score: number;
    keyword_score: number | null;
    vector_score: number | null;
    page: number | null;
    /**
     * Offset into the content of the document
     */
    start: number;
    end: number;
    highlights: Array<{
        text: string;
        /**
         * Matches as [start, end) into `text`
         */
        ranges: Array<[
            number,
            number
        ]>;
    }>;
    metadata: {
        [key: string]: unknown;
    };
};

export type SearchMemoriesRequest = {
    query: string;
    /**
     * Somebody whom you serve, by your own name for them; without it, your own memories
     */
    user_id?: string;
    limit?: number;
    /**
     * Least score
     */
    threshold?: number;
};

export type SearchRequest = {
    /**
     * Words or a question, Chinese or English
     */
    query: string;
    /**
     * By words, by likeness of the embedding, or both fused
     */
    mode?: 'hybrid' | 'vector' | 'keyword';
    /**
     * Only this collection, by name or id; all of them when absent
     */
    collection?: string;
    /**
     * Only these collections, by name or id; not beside `collection`
     */
    collections?: Array<string>;
    /**
     * Condition on document metadata: fields with a value or `{eq, ne, in, gt, gte, lt, lte, exists, contains}`, joined by and; `and`, `or`, `not` nest; dots go deeper
     */
    filter?: {
        [key: string]: unknown;
    };
    /**
     * Most passages in the answer
     */
    top_k?: number;
    /**
     * Answer only from an index that has applied this log position (read your own writes on another process)
     */
    min_seq?: number;
};

export type SearchResult = {
    items: Array<SearchItem>;
    took_ms: number;
    mode: 'hybrid' | 'vector' | 'keyword';
};

export type StatisticsOverview = {
    /**
     * All that arrived, those still being answered included
     */
    total_requests: number;
    /**
     * Answered with a status of 400 or above
     */
    error_count: number;
    /**
     * 400 to 499
     */
    client_error_count: number;
    /**
     * 500 and above
     */
    server_error_count: number;
    /**
     * error_count / total_requests
     */
    error_rate: number;
    avg_duration_ms: number;
    max_duration_ms: number;
    /**
     * Percentiles are within 5 % of the exact ones
     */
    p50_ms: number;
    p95_ms: number;
    p99_ms: number;
    /**
     * Requests a second, on average over the window as far as it has passed
     */
    qps: number;
    /**
     * Of the answers on cached routes; 0 while there are none (see cache_lookups)
     */
    cache_hit_rate: number;
    cache_lookups: number;
    /**
     * Served but not counted by this process since it started, because the buffer was full
     */
    dropped: number;
    /**
     * What was looked at: whole minutes; whole hours if it begins over 35 days ago (over 3 days for single endpoints)
     */
    window: {
        from: string;
        to: string;
    };
};

export type StatisticsTimeseries = {
    metric: 'requests' | 'errors' | 'error_rate' | 'avg_duration_ms' | 'p50_ms' | 'p95_ms' | 'p99_ms' | 'cache_hit_rate';
    interval: 'minute' | '5m' | 'hour' | 'day';
    /**
     * One for each interval: counts of nothing are 0, averages and rates of nothing null
     */
    points: Array<{
        /**
         * Begin of the interval
         */
        timestamp: string;
        value: number | null;
    }>;
};

export type StreamCancellation = {
    id: string;
    /**
     * `finished`: it had come to its end before
     */
    status: 'cancelled' | 'finished';
};

export type SwitchEngineRequest = {
    /**
     * Name of the engine that answers from now on
     */
    engine: string;
};

export type SwitchedEngine = {
    engine: string;
    previous: string;
};

export type Tenant = {
    id: string;
    slug: string;
    name: string;
    status: 'active' | 'suspended' | 'deleting';
    created_at: string;
};

export type TenantPage = {
    items: Array<Tenant>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
};

export type Token = {
    access_token: string;
    token_type: 'Bearer';
    /**
     * Seconds
     */
    expires_in: number;
    scope: string;
};

export type TokenRequest = {
    grant_type: 'client_credentials';
    /**
     * Id of an API key; absent with `Authorization: Basic`
     */
    client_id?: string;
    /**
     * The API key itself; absent with `Authorization: Basic`
     */
    client_secret?: string;
    /**
     * Permissions of the key, by spaces; all of them when absent
     */
    scope?: string;
};

export type Tool = {
    name: string;
    /**
     * As models read it
     */
    description: string;
    /**
     * JSON Schema of the arguments, in the strict form of function calling
     */
    parameters: {
        [key: string]: unknown;
    };
    /**
     * What a key needs to use it
     */
    permission: string;
    /**
     * Whether your key may
     */
    allowed: boolean;
    /**
     * Calls of the tenant on this process since it started
     */
    use: {
        runs: number;
        failed: number;
        average_ms: number | null;
    };
};

export type ToolRun = {
    name: string;
    ok: boolean;
    took_ms: number;
};

export type ToolTrial = {
    name: string;
    /**
     * What goes wrong is answered with its status and a Problem
     */
    ok: true;
    /**
     * What a model reads; of what is too long for it `{notice, beginning}`
     */
    result: unknown;
    took_ms: number;
};

export type Tools = {
    items: Array<Tool>;
};

export type UpdateCollectionRequest = {
    name?: string;
    description?: string | null;
    chunking?: {
        /**
         * Longest chunk; 320 when absent
         */
        max_tokens?: number;
        /**
         * What neighbouring chunks share, at most half of max_tokens; when absent 64, or the half if that is less
         */
        overlap_tokens?: number;
        /**
         * Shorter neighbours under one heading are joined; at most max_tokens; when absent 80, or max_tokens if that is less
         */
        min_tokens?: number;
    };
};

export type UpdateConversationRequest = {
    title: string;
};

export type UpdateDocumentRequest = {
    /**
     * Name or id of a collection; "default" when absent
     */
    collection?: string;
    /**
     * In place of all that was there
     */
    metadata?: {
        [key: string]: unknown;
    };
    source?: string | null;
};

export type UpdateMemoryRequest = {
    text?: string;
    metadata?: {
        [key: string]: unknown;
    };
    /**
     * Not shown from then on
     */
    expires_at?: string | null;
};

export type UpdatePersonalityRequest = {
    /**
     * The tenant has one of each name
     */
    name?: string;
    /**
     * Instructions; they come first, but the rules that keep answers to their sources stand
     */
    system_prompt?: string;
    /**
     * For people; no model reads it
     */
    description?: string | null;
    /**
     * The manner, in a few words
     */
    tone?: string | null;
    /**
     * Instead of the model that is configured (LLM_MODEL)
     */
    model?: string | null;
    temperature?: number | null;
    /**
     * Names of the tools it may use; null: all, []: none. Only those that the key may use are offered
     */
    tools?: Array<string> | null;
};

export type UploadReceipt = {
    items: Array<{
        doc_id: string;
        task_id: string;
        filename: string;
        status: 'queued' | 'processing' | 'ready' | 'failed';
        duplicate: boolean;
        error: {
            code: string;
            message: string;
        } | null;
    }>;
};

export type Usage = {
    /**
     * Id of the key, or name of the user, model, engine or purpose; null where none is known or none was named
     */
    name: string | null;
    runs: number;
    failed: number;
    /**
     * Of the runs: those whose server did not tell its tokens; they were counted from the texts
     */
    estimated: number;
    prompt_tokens: number;
    completion_tokens: number;
    /**
     * By ENGINE_PRICES; null where no price was known for any of the runs
     */
    cost: number | null;
};

export type UsagePage = {
    items: Array<Usage>;
    /**
     * On all pages
     */
    total: number;
    /**
     * From 1
     */
    page: number;
    /**
     * Items a page
     */
    page_size: number;
    /**
     * What was looked at
     */
    window: {
        from: string;
        to: string;
    };
};

/**
 * The `ETag` of an earlier answer: 304 without a body while it still holds
 */
export type IfNoneMatch = string;

export type ListEndpointStatisticsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * Begin, RFC 3339; 24 hours before `to` when absent
         */
        from?: string;
        /**
         * End, exclusive; now when absent
         */
        to?: string;
        /**
         * Length of the window, instead of `from`: a number and m, h or d
         */
        window?: string;
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * What the largest of comes first
         */
        sort?: 'requests' | 'errors' | 'p95_ms' | 'avg_duration_ms';
    };
    url: '/analytics/endpoints';
};

export type ListEndpointStatisticsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListEndpointStatisticsError = ListEndpointStatisticsErrors[keyof ListEndpointStatisticsErrors];

export type ListEndpointStatisticsResponses = {
    /**
     * Done
     */
    200: EndpointStatisticsPage;
};

export type ListEndpointStatisticsResponse = ListEndpointStatisticsResponses[keyof ListEndpointStatisticsResponses];

export type GetAnalyticsOverviewData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * Begin, RFC 3339; 24 hours before `to` when absent
         */
        from?: string;
        /**
         * End, exclusive; now when absent
         */
        to?: string;
        /**
         * Length of the window, instead of `from`: a number and m, h or d
         */
        window?: string;
    };
    url: '/analytics/overview';
};

export type GetAnalyticsOverviewErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetAnalyticsOverviewError = GetAnalyticsOverviewErrors[keyof GetAnalyticsOverviewErrors];

export type GetAnalyticsOverviewResponses = {
    /**
     * Done
     */
    200: StatisticsOverview;
};

export type GetAnalyticsOverviewResponse = GetAnalyticsOverviewResponses[keyof GetAnalyticsOverviewResponses];

export type GetAnalyticsTimeseriesData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * Begin, RFC 3339; 24 hours before `to` when absent
         */
        from?: string;
        /**
         * End, exclusive; now when absent
         */
        to?: string;
        /**
         * Length of the window, instead of `from`: a number and m, h or d
         */
        window?: string;
        /**
         * What is measured
         */
        metric?: 'requests' | 'errors' | 'error_rate' | 'avg_duration_ms' | 'p50_ms' | 'p95_ms' | 'p99_ms' | 'cache_hit_rate';
        /**
         * Width of a point; `day` is a day of UTC
         */
        interval?: 'minute' | '5m' | 'hour' | 'day';
        /**
         * Only this route pattern
         */
        endpoint?: string;
    };
    url: '/analytics/timeseries';
};

export type GetAnalyticsTimeseriesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetAnalyticsTimeseriesError = GetAnalyticsTimeseriesErrors[keyof GetAnalyticsTimeseriesErrors];

export type GetAnalyticsTimeseriesResponses = {
    /**
     * Done
     */
    200: StatisticsTimeseries;
};

export type GetAnalyticsTimeseriesResponse = GetAnalyticsTimeseriesResponses[keyof GetAnalyticsTimeseriesResponses];

export type GetUsageData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * Begin, RFC 3339; 24 hours before `to` when absent
         */
        from?: string;
        /**
         * End, exclusive; now when absent
         */
        to?: string;
        /**
         * Length of the window, instead of `from`: a number and m, h or d
         */
        window?: string;
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * `key`: who asked; `user`: whom the key served (`user` of the OpenAI form, the signed user of Open WebUI)
         */
        group_by?: 'key' | 'user' | 'model' | 'engine' | 'purpose';
    };
    url: '/analytics/usage';
};

export type GetUsageErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetUsageError = GetUsageErrors[keyof GetUsageErrors];

export type GetUsageResponses = {
    /**
     * Done
     */
    200: UsagePage;
};

export type GetUsageResponse = GetUsageResponses[keyof GetUsageResponses];

export type ListApiKeysData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
    };
    url: '/api-keys';
};

export type ListApiKeysErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListApiKeysError = ListApiKeysErrors[keyof ListApiKeysErrors];

export type ListApiKeysResponses = {
    /**
     * Done
     */
    200: ApiKeyPage;
};

export type ListApiKeysResponse = ListApiKeysResponses[keyof ListApiKeysResponses];

export type CreateApiKeyData = {
    body: CreateApiKeyRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api-keys';
};

export type CreateApiKeyErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type CreateApiKeyError = CreateApiKeyErrors[keyof CreateApiKeyErrors];

export type CreateApiKeyResponses = {
    /**
     * Created
     */
    201: CreatedApiKey;
};

export type CreateApiKeyResponse = CreateApiKeyResponses[keyof CreateApiKeyResponses];

export type RevokeApiKeyData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: {
        /**
         * true: also the keys that were made in its name, and in theirs
         */
        with_children?: 'true' | 'false';
    };
    url: '/api-keys/{id}';
};

export type RevokeApiKeyErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type RevokeApiKeyError = RevokeApiKeyErrors[keyof RevokeApiKeyErrors];

export type RevokeApiKeyResponses = {
    /**
     * Done; there is no body
     */
    204: void;
};

export type RevokeApiKeyResponse = RevokeApiKeyResponses[keyof RevokeApiKeyResponses];

export type GetApiKeyData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/api-keys/{id}';
};

export type GetApiKeyErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetApiKeyError = GetApiKeyErrors[keyof GetApiKeyErrors];

export type GetApiKeyResponses = {
    /**
     * Done
     */
    200: ApiKey;
};

export type GetApiKeyResponse = GetApiKeyResponses[keyof GetApiKeyResponses];

export type ChangeApiKeyData = {
    body: ChangeApiKeyRequest;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/api-keys/{id}';
};

export type ChangeApiKeyErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ChangeApiKeyError = ChangeApiKeyErrors[keyof ChangeApiKeyErrors];

export type ChangeApiKeyResponses = {
    /**
     * Done
     */
    200: ApiKey;
};

export type ChangeApiKeyResponse = ChangeApiKeyResponses[keyof ChangeApiKeyResponses];

export type ListAuditLogsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * `next_cursor` of the page before: goes on there, whatever has come or gone meanwhile; `page` is not looked at
         */
        cursor?: string;
        /**
         * Only this action
         */
        action?: string;
        /**
         * Only what was done to this
         */
        subject?: string;
        /**
         * Only what this one did: `api_key:<id>`, `system:<part of the program>`
         */
        actor?: string;
        /**
         * Begin, RFC 3339
         */
        from?: string;
        /**
         * End, exclusive
         */
        to?: string;
    };
    url: '/audit-logs';
};

export type ListAuditLogsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListAuditLogsError = ListAuditLogsErrors[keyof ListAuditLogsErrors];

export type ListAuditLogsResponses = {
    /**
     * Done
     */
    200: AuditEntryPage;
};

export type ListAuditLogsResponse = ListAuditLogsResponses[keyof ListAuditLogsResponses];

export type WhoAmIData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/auth/me';
};

export type WhoAmIErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type WhoAmIError = WhoAmIErrors[keyof WhoAmIErrors];

export type WhoAmIResponses = {
    /**
     * Done
     */
    200: Me;
};

export type WhoAmIResponse = WhoAmIResponses[keyof WhoAmIResponses];

export type RevokeTokenData = {
    body: RevokeTokenRequest;
    path?: never;
    query?: never;
    url: '/auth/revoke';
};

export type RevokeTokenErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type RevokeTokenError = RevokeTokenErrors[keyof RevokeTokenErrors];

export type RevokeTokenResponses = {
    /**
     * Done
     */
    200: RevokedToken;
};

export type RevokeTokenResponse = RevokeTokenResponses[keyof RevokeTokenResponses];

export type IssueTokenData = {
    body: TokenRequest;
    path?: never;
    query?: never;
    url: '/auth/token';
};

export type IssueTokenErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type IssueTokenError = IssueTokenErrors[keyof IssueTokenErrors];

export type IssueTokenResponses = {
    /**
     * Done
     */
    200: Token;
};

export type IssueTokenResponse = IssueTokenResponses[keyof IssueTokenResponses];

export type DropCacheData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Everything computed from this
         */
        tag?: string;
        /**
         * One key, as GET /cache/keys lists it
         */
        key?: string;
        /**
         * Everything of this kind
         */
        namespace?: 'search' | 'answers' | 'queries' | 'personalities' | 'http' | 'principals';
    };
    url: '/cache';
};

export type DropCacheErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type DropCacheError = DropCacheErrors[keyof DropCacheErrors];

export type DropCacheResponses = {
    /**
     * Done
     */
    200: CacheDropped;
};

export type DropCacheResponse = DropCacheResponses[keyof DropCacheResponses];

export type ListCacheKeysData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * Only keys that match; * stands for any text
         */
        pattern?: string;
        /**
         * Only keys of this kind
         */
        namespace?: 'search' | 'answers' | 'queries' | 'personalities' | 'http' | 'principals';
    };
    url: '/cache/keys';
};

export type ListCacheKeysErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListCacheKeysError = ListCacheKeysErrors[keyof ListCacheKeysErrors];

export type ListCacheKeysResponses = {
    /**
     * Done
     */
    200: CacheKeyPage;
};

export type ListCacheKeysResponse = ListCacheKeysResponses[keyof ListCacheKeysResponses];

export type GetCacheStatsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/cache/stats';
};

export type GetCacheStatsErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetCacheStatsError = GetCacheStatsErrors[keyof GetCacheStatsErrors];

export type GetCacheStatsResponses = {
    /**
     * Done
     */
    200: CacheStats;
};

export type GetCacheStatsResponse = GetCacheStatsResponses[keyof GetCacheStatsResponses];

export type ListConversationsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * `next_cursor` of the page before: goes on there, whatever has come or gone meanwhile; `page` is not looked at
         */
        cursor?: string;
    };
    url: '/conversations';
};

export type ListConversationsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListConversationsError = ListConversationsErrors[keyof ListConversationsErrors];

export type ListConversationsResponses = {
    /**
     * Done
     */
    200: ConversationPage;
};

export type ListConversationsResponse = ListConversationsResponses[keyof ListConversationsResponses];

export type DeleteConversationData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/conversations/{id}';
};

export type DeleteConversationErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type DeleteConversationError = DeleteConversationErrors[keyof DeleteConversationErrors];

export type DeleteConversationResponses = {
    /**
     * Done; there is no body
     */
    204: void;
};

export type DeleteConversationResponse = DeleteConversationResponses[keyof DeleteConversationResponses];

export type GetConversationData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/conversations/{id}';
};

export type GetConversationErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetConversationError = GetConversationErrors[keyof GetConversationErrors];

export type GetConversationResponses = {
    /**
     * Done
     */
    200: Conversation;
};

export type GetConversationResponse = GetConversationResponses[keyof GetConversationResponses];

export type UpdateConversationData = {
    body: UpdateConversationRequest;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/conversations/{id}';
};

export type UpdateConversationErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type UpdateConversationError = UpdateConversationErrors[keyof UpdateConversationErrors];

export type UpdateConversationResponses = {
    /**
     * Done
     */
    200: Conversation;
};

export type UpdateConversationResponse = UpdateConversationResponses[keyof UpdateConversationResponses];

export type ListConversationMessagesData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * `next_cursor` of the page before: goes on there, whatever has come or gone meanwhile; `page` is not looked at
         */
        cursor?: string;
    };
    url: '/conversations/{id}/messages';
};

export type ListConversationMessagesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListConversationMessagesError = ListConversationMessagesErrors[keyof ListConversationMessagesErrors];

export type ListConversationMessagesResponses = {
    /**
     * Done
     */
    200: MessagePage;
};

export type ListConversationMessagesResponse = ListConversationMessagesResponses[keyof ListConversationMessagesResponses];

export type GetLivenessData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health/live';
};

export type GetLivenessErrors = {
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
};

export type GetLivenessError = GetLivenessErrors[keyof GetLivenessErrors];

export type GetLivenessResponses = {
    /**
     * Done
     */
    200: Health;
};

export type GetLivenessResponse = GetLivenessResponses[keyof GetLivenessResponses];

export type GetReadinessData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health/ready';
};

export type GetReadinessErrors = {
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * Not yet, not now, or on the way down: `error` says why
     */
    503: Health;
};

export type GetReadinessError = GetReadinessErrors[keyof GetReadinessErrors];

export type GetReadinessResponses = {
    /**
     * Done
     */
    200: Health;
};

export type GetReadinessResponse = GetReadinessResponses[keyof GetReadinessResponses];

export type GetStartupData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health/startup';
};

export type GetStartupErrors = {
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
};

export type GetStartupError = GetStartupErrors[keyof GetStartupErrors];

export type GetStartupResponses = {
    /**
     * Done
     */
    200: Health;
};

export type GetStartupResponse = GetStartupResponses[keyof GetStartupResponses];

export type ListCollectionsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
    };
    url: '/rag/collections';
};

export type ListCollectionsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListCollectionsError = ListCollectionsErrors[keyof ListCollectionsErrors];

export type ListCollectionsResponses = {
    /**
     * Done
     */
    200: CollectionPage;
};

export type ListCollectionsResponse = ListCollectionsResponses[keyof ListCollectionsResponses];

export type CreateCollectionData = {
    body: CreateCollectionRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/rag/collections';
};

export type CreateCollectionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type CreateCollectionError = CreateCollectionErrors[keyof CreateCollectionErrors];

export type CreateCollectionResponses = {
    /**
     * Created
     */
    201: Collection;
};

export type CreateCollectionResponse = CreateCollectionResponses[keyof CreateCollectionResponses];

export type DeleteCollectionData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/collections/{id}';
};

export type DeleteCollectionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type DeleteCollectionError = DeleteCollectionErrors[keyof DeleteCollectionErrors];

export type DeleteCollectionResponses = {
    /**
     * Done; there is no body
     */
    204: void;
};

export type DeleteCollectionResponse = DeleteCollectionResponses[keyof DeleteCollectionResponses];

export type GetCollectionData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/collections/{id}';
};

export type GetCollectionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetCollectionError = GetCollectionErrors[keyof GetCollectionErrors];

export type GetCollectionResponses = {
    /**
     * Done
     */
    200: Collection;
};

export type GetCollectionResponse = GetCollectionResponses[keyof GetCollectionResponses];

export type UpdateCollectionData = {
    body: UpdateCollectionRequest;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/collections/{id}';
};

export type UpdateCollectionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type UpdateCollectionError = UpdateCollectionErrors[keyof UpdateCollectionErrors];

export type UpdateCollectionResponses = {
    /**
     * Done
     */
    200: Collection;
};

export type UpdateCollectionResponse = UpdateCollectionResponses[keyof UpdateCollectionResponses];

export type ReprocessCollectionData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/collections/{id}/reprocess';
};

export type ReprocessCollectionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ReprocessCollectionError = ReprocessCollectionErrors[keyof ReprocessCollectionErrors];

export type ReprocessCollectionResponses = {
    /**
     * Accepted; the work goes on
     */
    202: ReprocessingReceipt;
};

export type ReprocessCollectionResponse = ReprocessCollectionResponses[keyof ReprocessCollectionResponses];

export type ListDocumentsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * `next_cursor` of the page before: goes on there, whatever has come or gone meanwhile; `page` is not looked at
         */
        cursor?: string;
        /**
         * Only documents in this state
         */
        status?: 'queued' | 'processing' | 'ready' | 'failed';
        /**
         * Only this collection, by name or id; all of them when absent
         */
        collection?: string;
        /**
         * Only ready documents whose terms were made by the present version of the text analysis, or by another
         */
        analyser?: 'current' | 'outdated';
        /**
         * Part of title, source or file name
         */
        q?: string;
    };
    url: '/rag/documents';
};

export type ListDocumentsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListDocumentsError = ListDocumentsErrors[keyof ListDocumentsErrors];

export type ListDocumentsResponses = {
    /**
     * Done
     */
    200: DocumentPage;
};

export type ListDocumentsResponse = ListDocumentsResponses[keyof ListDocumentsResponses];

export type UploadDocumentsData = {
    body: {
        /**
         * One part for each file; its file name tells the format
         */
        files: Array<Blob | File>;
        /**
         * Name or id of a collection; "default" when absent
         */
        collection?: string;
        /**
         * A JSON object, kept with every file
         */
        metadata?: string;
        /**
         * true: answer when all are processed
         */
        wait?: 'true' | 'false';
    };
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/rag/documents';
};

export type UploadDocumentsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type UploadDocumentsError = UploadDocumentsErrors[keyof UploadDocumentsErrors];

export type UploadDocumentsResponses = {
    /**
     * With `wait=true`: all are processed, each `ready` or `failed`
     */
    200: UploadReceipt;
    /**
     * Accepted; the work goes on
     */
    202: UploadReceipt;
};

export type UploadDocumentsResponse = UploadDocumentsResponses[keyof UploadDocumentsResponses];

export type DeleteDocumentsData = {
    body: BatchDeleteRequest;
    path?: never;
    query?: never;
    url: '/rag/documents/batch-delete';
};

export type DeleteDocumentsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type DeleteDocumentsError = DeleteDocumentsErrors[keyof DeleteDocumentsErrors];

export type DeleteDocumentsResponses = {
    /**
     * Done
     */
    200: BatchDeleteResult;
    /**
     * Some were not there; the others are deleted
     */
    207: BatchDeleteResult;
};

export type DeleteDocumentsResponse = DeleteDocumentsResponses[keyof DeleteDocumentsResponses];

export type DeleteDocumentData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/documents/{id}';
};

export type DeleteDocumentErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type DeleteDocumentError = DeleteDocumentErrors[keyof DeleteDocumentErrors];

export type DeleteDocumentResponses = {
    /**
     * Done; there is no body
     */
    204: void;
};

export type DeleteDocumentResponse = DeleteDocumentResponses[keyof DeleteDocumentResponses];

export type GetDocumentData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/documents/{id}';
};

export type GetDocumentErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetDocumentError = GetDocumentErrors[keyof GetDocumentErrors];

export type GetDocumentResponses = {
    /**
     * Done
     */
    200: Document;
};

export type GetDocumentResponse = GetDocumentResponses[keyof GetDocumentResponses];

export type UpdateDocumentData = {
    body: UpdateDocumentRequest;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/documents/{id}';
};

export type UpdateDocumentErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type UpdateDocumentError = UpdateDocumentErrors[keyof UpdateDocumentErrors];

export type UpdateDocumentResponses = {
    /**
     * Done
     */
    200: Document;
};

export type UpdateDocumentResponse = UpdateDocumentResponses[keyof UpdateDocumentResponses];

export type ListDocumentChunksData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * `next_cursor` of the page before: goes on there, whatever has come or gone meanwhile; `page` is not looked at
         */
        cursor?: string;
    };
    url: '/rag/documents/{id}/chunks';
};

export type ListDocumentChunksErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListDocumentChunksError = ListDocumentChunksErrors[keyof ListDocumentChunksErrors];

export type ListDocumentChunksResponses = {
    /**
     * Done
     */
    200: ChunkPage;
};

export type ListDocumentChunksResponse = ListDocumentChunksResponses[keyof ListDocumentChunksResponses];

export type GetDocumentContentData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/documents/{id}/content';
};

export type GetDocumentContentErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetDocumentContentError = GetDocumentContentErrors[keyof GetDocumentContentErrors];

export type GetDocumentContentResponses = {
    /**
     * Done
     */
    200: DocumentContent;
};

export type GetDocumentContentResponse = GetDocumentContentResponses[keyof GetDocumentContentResponses];

export type DownloadDocumentData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/rag/documents/{id}/file';
};

export type DownloadDocumentErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type DownloadDocumentError = DownloadDocumentErrors[keyof DownloadDocumentErrors];

export type DownloadDocumentResponses = {
    /**
     * Done
     */
    200: Blob | File;
};

export type DownloadDocumentResponse = DownloadDocumentResponses[keyof DownloadDocumentResponses];

export type IngestTextData = {
    body: IngestRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/rag/ingest';
};

export type IngestTextErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * Understood, but it cannot be done.
     */
    422: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type IngestTextError = IngestTextErrors[keyof IngestTextErrors];

export type IngestTextResponses = {
    /**
     * Created
     */
    201: IngestReceipt;
};

export type IngestTextResponse = IngestTextResponses[keyof IngestTextResponses];

export type SearchPassagesData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query: {
        /**
         * Words or a question, Chinese or English
         */
        query: string;
        /**
         * By words, by likeness of the embedding, or both fused
         */
        mode?: 'hybrid' | 'vector' | 'keyword';
        /**
         * Only this collection, by name or id; all of them when absent
         */
        collection?: string;
        /**
         * Most passages in the answer
         */
        top_k?: number;
        /**
         * Condition on document metadata: fields with a value or `{eq, ne, in, gt, gte, lt, lte, exists, contains}`, joined by and; `and`, `or`, `not` nest; dots go deeper; as JSON
         */
        filter?: string;
        /**
         * Answer only from an index that has applied this log position (read your own writes on another process)
         */
        min_seq?: number;
    };
    url: '/rag/search';
};

export type SearchPassagesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type SearchPassagesError = SearchPassagesErrors[keyof SearchPassagesErrors];

export type SearchPassagesResponses = {
    /**
     * Done
     */
    200: SearchResult;
};

export type SearchPassagesResponse = SearchPassagesResponses[keyof SearchPassagesResponses];

export type QueryPassagesData = {
    body: SearchRequest;
    path?: never;
    query?: never;
    url: '/rag/search';
};

export type QueryPassagesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type QueryPassagesError = QueryPassagesErrors[keyof QueryPassagesErrors];

export type QueryPassagesResponses = {
    /**
     * Done
     */
    200: SearchResult;
};

export type QueryPassagesResponse = QueryPassagesResponses[keyof QueryPassagesResponses];

export type SearchPassagesBatchData = {
    body: BatchSearchRequest;
    path?: never;
    query?: never;
    url: '/rag/search/batch';
};

export type SearchPassagesBatchErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type SearchPassagesBatchError = SearchPassagesBatchErrors[keyof SearchPassagesBatchErrors];

export type SearchPassagesBatchResponses = {
    /**
     * Done
     */
    200: BatchSearchResult;
    /**
     * Some failed
     */
    207: BatchSearchResult;
};

export type SearchPassagesBatchResponse = SearchPassagesBatchResponses[keyof SearchPassagesBatchResponses];

export type GetRagStatsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/rag/stats';
};

export type GetRagStatsErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetRagStatsError = GetRagStatsErrors[keyof GetRagStatsErrors];

export type GetRagStatsResponses = {
    /**
     * Done
     */
    200: RagStats;
};

export type GetRagStatsResponse = GetRagStatsResponses[keyof GetRagStatsResponses];

export type AskQuestionData = {
    body: ChatRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
        /**
         * Id of the last event that came, when the connection broke: the same request with it goes on in that stream, on any process, and asks nothing anew
         */
        'Last-Event-ID'?: string;
    };
    path?: never;
    query?: never;
    url: '/smart-qa/chat';
};

export type AskQuestionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
    /**
     * A part that is needed did not answer in time.
     */
    504: Problem;
};

export type AskQuestionError = AskQuestionErrors[keyof AskQuestionErrors];

export type AskQuestionResponses = {
    /**
     * Done
     */
    200: Answer;
};

export type AskQuestionResponse = AskQuestionResponses[keyof AskQuestionResponses];

export type CancelAnswerData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/smart-qa/chat/{id}/cancel';
};

export type CancelAnswerErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type CancelAnswerError = CancelAnswerErrors[keyof CancelAnswerErrors];

export type CancelAnswerResponses = {
    /**
     * Done
     */
    200: StreamCancellation;
};

export type CancelAnswerResponse = CancelAnswerResponses[keyof CancelAnswerResponses];

export type ListAnswerFeedbackData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * Items a page, at most 50: each holds the text of its passages
         */
        page_size?: number;
        /**
         * `next_cursor` of the page before
         */
        cursor?: string;
        /**
         * Only these
         */
        rating?: 'up' | 'down';
        /**
         * Begin, RFC 3339
         */
        from?: string;
        /**
         * End, exclusive
         */
        to?: string;
    };
    url: '/smart-qa/feedback';
};

export type ListAnswerFeedbackErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListAnswerFeedbackError = ListAnswerFeedbackErrors[keyof ListAnswerFeedbackErrors];

export type ListAnswerFeedbackResponses = {
    /**
     * Done
     */
    200: FeedbackPage;
};

export type ListAnswerFeedbackResponse = ListAnswerFeedbackResponses[keyof ListAnswerFeedbackResponses];

export type AddAnswerFeedbackData = {
    body: FeedbackRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/smart-qa/messages/{id}/feedback';
};

export type AddAnswerFeedbackErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type AddAnswerFeedbackError = AddAnswerFeedbackErrors[keyof AddAnswerFeedbackErrors];

export type AddAnswerFeedbackResponses = {
    /**
     * Created
     */
    201: FeedbackReceipt;
};

export type AddAnswerFeedbackResponse = AddAnswerFeedbackResponses[keyof AddAnswerFeedbackResponses];

export type ListTenantsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
    };
    url: '/tenants';
};

export type ListTenantsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListTenantsError = ListTenantsErrors[keyof ListTenantsErrors];

export type ListTenantsResponses = {
    /**
     * Done
     */
    200: TenantPage;
};

export type ListTenantsResponse = ListTenantsResponses[keyof ListTenantsResponses];

export type CreateTenantData = {
    body: CreateTenantRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/tenants';
};

export type CreateTenantErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type CreateTenantError = CreateTenantErrors[keyof CreateTenantErrors];

export type CreateTenantResponses = {
    /**
     * Created
     */
    201: CreatedTenant;
};

export type CreateTenantResponse = CreateTenantResponses[keyof CreateTenantResponses];

export type GetTenantData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/tenants/{id}';
};

export type GetTenantErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetTenantError = GetTenantErrors[keyof GetTenantErrors];

export type GetTenantResponses = {
    /**
     * Done
     */
    200: Tenant;
};

export type GetTenantResponse = GetTenantResponses[keyof GetTenantResponses];

export type IssueOwnerKeyData = {
    body?: never;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/tenants/{id}/owner-key';
};

export type IssueOwnerKeyErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type IssueOwnerKeyError = IssueOwnerKeyErrors[keyof IssueOwnerKeyErrors];

export type IssueOwnerKeyResponses = {
    /**
     * Created
     */
    201: IssuedOwnerKey;
};

export type IssueOwnerKeyResponse = IssueOwnerKeyResponses[keyof IssueOwnerKeyResponses];

export type CreateChatCompletionData = {
    body: ChatCompletionRequest;
    headers?: {
        /**
         * Signed by Open WebUI with OPEN_WEBUI_JWT_SECRET: when it is valid, streams carry its status and source frames; when not, 401
         */
        'X-OpenWebUI-User-Jwt'?: string;
        /**
         * Names a job of Open WebUI itself: set this header to `{{TASK}}` in its connection
         */
        'X-OpenWebUI-Task'?: string;
        /**
         * Id of the last event that came, when the connection broke: the same request with it goes on in that stream, on any process, and asks nothing anew
         */
        'Last-Event-ID'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/chat/completions';
};

export type CreateChatCompletionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: OpenAiError;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: OpenAiError;
    /**
     * The key lacks the permission.
     */
    403: OpenAiError;
    /**
     * Not there, or not yours.
     */
    404: OpenAiError;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: OpenAiError;
    /**
     * The server does not read this kind of content.
     */
    415: OpenAiError;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: OpenAiError;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: OpenAiError;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: OpenAiError;
    /**
     * A part that is needed did not answer in time.
     */
    504: OpenAiError;
};

export type CreateChatCompletionError = CreateChatCompletionErrors[keyof CreateChatCompletionErrors];

export type CreateChatCompletionResponses = {
    /**
     * Done
     */
    200: ChatCompletion;
};

export type CreateChatCompletionResponse = CreateChatCompletionResponses[keyof CreateChatCompletionResponses];

export type CancelChatCompletionData = {
    body?: never;
    path: {
        /**
         * The `id` of its chunks
         */
        id: string;
    };
    query?: never;
    url: '/v1/chat/completions/{id}/cancel';
};

export type CancelChatCompletionErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: OpenAiError;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: OpenAiError;
    /**
     * The key lacks the permission.
     */
    403: OpenAiError;
    /**
     * Not there, or not yours.
     */
    404: OpenAiError;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: OpenAiError;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: OpenAiError;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: OpenAiError;
};

export type CancelChatCompletionError = CancelChatCompletionErrors[keyof CancelChatCompletionErrors];

export type CancelChatCompletionResponses = {
    /**
     * Done
     */
    200: StreamCancellation;
};

export type CancelChatCompletionResponse = CancelChatCompletionResponses[keyof CancelChatCompletionResponses];

export type GetRealtimeDashboardData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/dashboard/realtime';
};

export type GetRealtimeDashboardErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetRealtimeDashboardError = GetRealtimeDashboardErrors[keyof GetRealtimeDashboardErrors];

export type GetRealtimeDashboardResponses = {
    /**
     * Done
     */
    200: DashboardFrame;
};

export type GetRealtimeDashboardResponse = GetRealtimeDashboardResponses[keyof GetRealtimeDashboardResponses];

export type CreateEmbeddingsData = {
    body: EmbeddingRequest;
    path?: never;
    query?: never;
    url: '/v1/embeddings';
};

export type CreateEmbeddingsErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: OpenAiError;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: OpenAiError;
    /**
     * The key lacks the permission.
     */
    403: OpenAiError;
    /**
     * Not there, or not yours.
     */
    404: OpenAiError;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: OpenAiError;
    /**
     * The server does not read this kind of content.
     */
    415: OpenAiError;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: OpenAiError;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: OpenAiError;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: OpenAiError;
};

export type CreateEmbeddingsError = CreateEmbeddingsErrors[keyof CreateEmbeddingsErrors];

export type CreateEmbeddingsResponses = {
    /**
     * Done
     */
    200: EmbeddingList;
};

export type CreateEmbeddingsResponse = CreateEmbeddingsResponses[keyof CreateEmbeddingsResponses];

export type ListEnginesData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/engines';
};

export type ListEnginesErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListEnginesError = ListEnginesErrors[keyof ListEnginesErrors];

export type ListEnginesResponses = {
    /**
     * Done
     */
    200: Engines;
};

export type ListEnginesResponse = ListEnginesResponses[keyof ListEnginesResponses];

export type GetCurrentEngineData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/engines/current';
};

export type GetCurrentEngineErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetCurrentEngineError = GetCurrentEngineErrors[keyof GetCurrentEngineErrors];

export type GetCurrentEngineResponses = {
    /**
     * Done
     */
    200: CurrentEngine;
};

export type GetCurrentEngineResponse = GetCurrentEngineResponses[keyof GetCurrentEngineResponses];

export type GetEnginePerformanceData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * How far back: a number and m, h or d; runs are kept for 30 days
         */
        window?: string;
    };
    url: '/v1/engines/performance';
};

export type GetEnginePerformanceErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetEnginePerformanceError = GetEnginePerformanceErrors[keyof GetEnginePerformanceErrors];

export type GetEnginePerformanceResponses = {
    /**
     * Done
     */
    200: EnginePerformance;
};

export type GetEnginePerformanceResponse = GetEnginePerformanceResponses[keyof GetEnginePerformanceResponses];

export type SwitchEngineData = {
    body: SwitchEngineRequest;
    path?: never;
    query?: never;
    url: '/v1/engines/switch';
};

export type SwitchEngineErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type SwitchEngineError = SwitchEngineErrors[keyof SwitchEngineErrors];

export type SwitchEngineResponses = {
    /**
     * Done
     */
    200: SwitchedEngine;
};

export type SwitchEngineResponse = SwitchEngineResponses[keyof SwitchEngineResponses];

export type CheckEngineHealthData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Name of the engine
         */
        name: string;
    };
    query?: never;
    url: '/v1/engines/{name}/health';
};

export type CheckEngineHealthErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type CheckEngineHealthError = CheckEngineHealthErrors[keyof CheckEngineHealthErrors];

export type CheckEngineHealthResponses = {
    /**
     * Done
     */
    200: EngineHealth;
};

export type CheckEngineHealthResponse = CheckEngineHealthResponses[keyof CheckEngineHealthResponses];

export type ForgetMemoriesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Somebody whom you serve, by your own name for them; without it, your own memories
         */
        user_id?: string;
        /**
         * true: your own and those of everybody whom you serve; not beside `user_id`
         */
        all?: 'true' | 'false';
    };
    url: '/v1/memories';
};

export type ForgetMemoriesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ForgetMemoriesError = ForgetMemoriesErrors[keyof ForgetMemoriesErrors];

export type ForgetMemoriesResponses = {
    /**
     * Done
     */
    200: MemoriesForgotten;
};

export type ForgetMemoriesResponse = ForgetMemoriesResponses[keyof ForgetMemoriesResponses];

export type ListMemoriesData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
        /**
         * `next_cursor` of the page before: goes on there, whatever has come or gone meanwhile; `page` is not looked at
         */
        cursor?: string;
        /**
         * Somebody whom you serve, by your own name for them; without it, your own memories
         */
        user_id?: string;
    };
    url: '/v1/memories';
};

export type ListMemoriesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListMemoriesError = ListMemoriesErrors[keyof ListMemoriesErrors];

export type ListMemoriesResponses = {
    /**
     * Done
     */
    200: MemoryPage;
};

export type ListMemoriesResponse = ListMemoriesResponses[keyof ListMemoriesResponses];

export type AddMemoryData = {
    body: AddMemoryRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/memories';
};

export type AddMemoryErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type AddMemoryError = AddMemoryErrors[keyof AddMemoryErrors];

export type AddMemoryResponses = {
    /**
     * Created
     */
    201: MemoryChanges;
};

export type AddMemoryResponse = AddMemoryResponses[keyof AddMemoryResponses];

export type GetMemoryQueueData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/memories/queue';
};

export type GetMemoryQueueErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetMemoryQueueError = GetMemoryQueueErrors[keyof GetMemoryQueueErrors];

export type GetMemoryQueueResponses = {
    /**
     * Done
     */
    200: MemoryQueue;
};

export type GetMemoryQueueResponse = GetMemoryQueueResponses[keyof GetMemoryQueueResponses];

export type SearchMemoriesData = {
    body: SearchMemoriesRequest;
    path?: never;
    query?: never;
    url: '/v1/memories/search';
};

export type SearchMemoriesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type SearchMemoriesError = SearchMemoriesErrors[keyof SearchMemoriesErrors];

export type SearchMemoriesResponses = {
    /**
     * Done
     */
    200: MemorySearchAnswer;
};

export type SearchMemoriesResponse = SearchMemoriesResponses[keyof SearchMemoriesResponses];

export type ForgetMemoryData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/v1/memories/{id}';
};

export type ForgetMemoryErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ForgetMemoryError = ForgetMemoryErrors[keyof ForgetMemoryErrors];

export type ForgetMemoryResponses = {
    /**
     * Done; there is no body
     */
    204: void;
};

export type ForgetMemoryResponse = ForgetMemoryResponses[keyof ForgetMemoryResponses];

export type GetMemoryData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/v1/memories/{id}';
};

export type GetMemoryErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetMemoryError = GetMemoryErrors[keyof GetMemoryErrors];

export type GetMemoryResponses = {
    /**
     * Done
     */
    200: Memory;
};

export type GetMemoryResponse = GetMemoryResponses[keyof GetMemoryResponses];

export type UpdateMemoryData = {
    body: UpdateMemoryRequest;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/v1/memories/{id}';
};

export type UpdateMemoryErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type UpdateMemoryError = UpdateMemoryErrors[keyof UpdateMemoryErrors];

export type UpdateMemoryResponses = {
    /**
     * Done
     */
    200: Memory;
};

export type UpdateMemoryResponse = UpdateMemoryResponses[keyof UpdateMemoryResponses];

export type GetMemoryHistoryData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/v1/memories/{id}/history';
};

export type GetMemoryHistoryErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetMemoryHistoryError = GetMemoryHistoryErrors[keyof GetMemoryHistoryErrors];

export type GetMemoryHistoryResponses = {
    /**
     * Done
     */
    200: MemoryHistoryAnswer;
};

export type GetMemoryHistoryResponse = GetMemoryHistoryResponses[keyof GetMemoryHistoryResponses];

export type ListModelsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/models';
};

export type ListModelsErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: OpenAiError;
    /**
     * The key lacks the permission.
     */
    403: OpenAiError;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: OpenAiError;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: OpenAiError;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: OpenAiError;
};

export type ListModelsError = ListModelsErrors[keyof ListModelsErrors];

export type ListModelsResponses = {
    /**
     * Done
     */
    200: ChatModelList;
};

export type ListModelsResponse = ListModelsResponses[keyof ListModelsResponses];

export type GetModelData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Name of the model
         */
        id: string;
    };
    query?: never;
    url: '/v1/models/{id}';
};

export type GetModelErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: OpenAiError;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: OpenAiError;
    /**
     * The key lacks the permission.
     */
    403: OpenAiError;
    /**
     * Not there, or not yours.
     */
    404: OpenAiError;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: OpenAiError;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: OpenAiError;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: OpenAiError;
};

export type GetModelError = GetModelErrors[keyof GetModelErrors];

export type GetModelResponses = {
    /**
     * Done
     */
    200: ChatModel;
};

export type GetModelResponse = GetModelResponses[keyof GetModelResponses];

export type ListPersonalitiesData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: {
        /**
         * From 1
         */
        page?: number;
        /**
         * Items a page, at most 200
         */
        page_size?: number;
    };
    url: '/v1/personalities';
};

export type ListPersonalitiesErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListPersonalitiesError = ListPersonalitiesErrors[keyof ListPersonalitiesErrors];

export type ListPersonalitiesResponses = {
    /**
     * Done
     */
    200: PersonalityPage;
};

export type ListPersonalitiesResponse = ListPersonalitiesResponses[keyof ListPersonalitiesResponses];

export type CreatePersonalityData = {
    body: CreatePersonalityRequest;
    headers?: {
        /**
         * The same key and body answer the same for 24 h; the same key with another body: 409
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/personalities';
};

export type CreatePersonalityErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type CreatePersonalityError = CreatePersonalityErrors[keyof CreatePersonalityErrors];

export type CreatePersonalityResponses = {
    /**
     * Created
     */
    201: Personality;
};

export type CreatePersonalityResponse = CreatePersonalityResponses[keyof CreatePersonalityResponses];

export type DeletePersonalityData = {
    body?: never;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/v1/personalities/{id}';
};

export type DeletePersonalityErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type DeletePersonalityError = DeletePersonalityErrors[keyof DeletePersonalityErrors];

export type DeletePersonalityResponses = {
    /**
     * Done; there is no body
     */
    204: void;
};

export type DeletePersonalityResponse = DeletePersonalityResponses[keyof DeletePersonalityResponses];

export type GetPersonalityData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/v1/personalities/{id}';
};

export type GetPersonalityErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type GetPersonalityError = GetPersonalityErrors[keyof GetPersonalityErrors];

export type GetPersonalityResponses = {
    /**
     * Done
     */
    200: Personality;
};

export type GetPersonalityResponse = GetPersonalityResponses[keyof GetPersonalityResponses];

export type UpdatePersonalityData = {
    body: UpdatePersonalityRequest;
    path: {
        /**
         * Its id
         */
        id: string;
    };
    query?: never;
    url: '/v1/personalities/{id}';
};

export type UpdatePersonalityErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * It contradicts what is there.
     */
    409: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type UpdatePersonalityError = UpdatePersonalityErrors[keyof UpdatePersonalityErrors];

export type UpdatePersonalityResponses = {
    /**
     * Done
     */
    200: Personality;
};

export type UpdatePersonalityResponse = UpdatePersonalityResponses[keyof UpdatePersonalityResponses];

export type ListToolsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of an earlier answer: 304 without a body while it still holds
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/tools';
};

export type ListToolsErrors = {
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
};

export type ListToolsError = ListToolsErrors[keyof ListToolsErrors];

export type ListToolsResponses = {
    /**
     * Done
     */
    200: Tools;
};

export type ListToolsResponse = ListToolsResponses[keyof ListToolsResponses];

export type RunToolData = {
    body: RunToolRequest;
    path: {
        /**
         * Name of the tool
         */
        name: string;
    };
    query?: never;
    url: '/v1/tools/{name}/run';
};

export type RunToolErrors = {
    /**
     * The request is not valid; `errors` names each fault.
     */
    400: Problem;
    /**
     * No key, or one that is not (or no longer) valid.
     */
    401: Problem;
    /**
     * The key lacks the permission.
     */
    403: Problem;
    /**
     * Not there, or not yours.
     */
    404: Problem;
    /**
     * The body or a file of it is larger than the server takes.
     */
    413: Problem;
    /**
     * The server does not read this kind of content.
     */
    415: Problem;
    /**
     * The rate limit of the key (or, without a key, of the address) is used up.
     */
    429: Problem;
    /**
     * A fault of the server; its log has it under the `trace_id`.
     */
    500: Problem;
    /**
     * A part that is needed (database, language model) is down; ask again.
     */
    503: Problem;
    /**
     * A part that is needed did not answer in time.
     */
    504: Problem;
};

export type RunToolError = RunToolErrors[keyof RunToolErrors];

export type RunToolResponses = {
    /**
     * Done
     */
    200: ToolTrial;
};

export type RunToolResponse = RunToolResponses[keyof RunToolResponses];
