-- The tables of the road. Row-level security comes with 0002, searching with 0003.

create table directory (
  kind text not null,
  key bytea not null,
  workspace_id uuid not null,
  id uuid not null,
  constraint directory_pk primary key (kind, key, workspace_id, id)
);

create table workspace (
  id uuid not null,
  name text not null,
  created_at timestamptz not null,
  constraint workspace_pk primary key (id)
);

create table company (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  domain text,
  origin text not null,
  created_at timestamptz not null,
  constraint company_pk primary key (workspace_id, id),
  constraint company_workspace_id_domain_uq unique (workspace_id, domain),
  constraint company_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
);

create table pipeline (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  position smallint not null,
  constraint pipeline_pk primary key (workspace_id, id),
  constraint pipeline_workspace_id_name_uq unique (workspace_id, name),
  constraint pipeline_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
);

create table raw_letter (
  workspace_id uuid not null,
  digest bytea not null,
  size bigint not null,
  body bytea not null,
  constraint raw_letter_pk primary key (workspace_id, digest),
  constraint raw_letter_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
);

create table refusal (
  workspace_id uuid not null,
  record_id uuid not null,
  what text not null,
  record smallint not null,
  user_id uuid not null,
  at timestamptz not null,
  constraint refusal_pk primary key (workspace_id, record_id, what),
  constraint refusal_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
);

create table thread (
  workspace_id uuid not null,
  id uuid not null,
  subject text not null,
  last_at timestamptz not null,
  messages integer not null,
  merged_into uuid,
  constraint thread_pk primary key (workspace_id, id),
  constraint thread_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
)
 with (fillfactor = 85);

create table "user" (
  workspace_id uuid not null,
  id uuid not null,
  email text not null,
  name text not null,
  role text not null,
  password text,
  language text not null,
  time_zone text not null,
  active boolean not null,
  created_at timestamptz not null,
  constraint user_pk primary key (workspace_id, id),
  constraint user_workspace_id_email_uq unique (workspace_id, email),
  constraint user_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
);

create table contact (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  title text not null,
  phone text not null,
  company_id uuid,
  owner_id uuid,
  lifecycle text not null,
  origin text not null,
  created_at timestamptz not null,
  last_in_at timestamptz,
  last_out_at timestamptz,
  constraint contact_pk primary key (workspace_id, id),
  constraint contact_workspace_id_company_id_fk
    foreign key(workspace_id, company_id) references company (workspace_id, id) on delete set null (company_id)
    deferrable initially deferred,
  constraint contact_workspace_id_owner_id_fk
    foreign key(workspace_id, owner_id) references "user" (workspace_id, id) on delete set null (owner_id)
    deferrable initially deferred,
  constraint contact_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
)
 with (fillfactor = 85);
create index contact_workspace_id_company_id_ix on contact (workspace_id, company_id);

create table mailbox (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  address text not null,
  kind text not null,
  purpose text not null,
  shares smallint not null,
  meets text not null,
  place jsonb not null,
  excluded jsonb not null,
  secret bytea,
  state text not null,
  trouble text not null,
  last_error text not null,
  failures integer not null,
  due_at timestamptz not null,
  synced_at timestamptz,
  leased_until timestamptz,
  created_at timestamptz not null,
  constraint mailbox_pk primary key (workspace_id, id),
  constraint mailbox_workspace_id_address_uq unique (workspace_id, address),
  constraint mailbox_workspace_id_user_id_fk
    foreign key(workspace_id, user_id) references "user" (workspace_id, id)
    deferrable initially deferred
);
create index mailbox_workspace_id_user_id_ix on mailbox (workspace_id, user_id);

create table mention (
  workspace_id uuid not null,
  ref uuid not null,
  thread_id uuid not null,
  constraint mention_pk primary key (workspace_id, ref),
  constraint mention_workspace_id_thread_id_fk
    foreign key(workspace_id, thread_id) references thread (workspace_id, id)
    deferrable initially deferred
);
create index mention_workspace_id_thread_id_ix on mention (workspace_id, thread_id);

create table message (
  workspace_id uuid not null,
  id uuid not null,
  ref uuid not null,
  fingerprint bytea not null,
  rfc_id text not null,
  thread_id uuid not null,
  at timestamptz not null,
  sent_at timestamptz,
  direction smallint not null,
  kind smallint not null,
  kind_reason text not null,
  unfiled text not null,
  shares smallint not null,
  from_email text not null,
  from_name text not null,
  subject text not null,
  snippet text not null,
  size bigint not null,
  parts integer not null,
  whole boolean not null,
  same_id_as uuid,
  search tsvector,
  constraint message_pk primary key (workspace_id, id),
  constraint message_workspace_id_ref_fingerprint_uq unique (workspace_id, ref, fingerprint),
  constraint message_workspace_id_thread_id_fk
    foreign key(workspace_id, thread_id) references thread (workspace_id, id)
    deferrable initially deferred
);
create index message_search_ix on message using gin (workspace_id, search);
create index message_workspace_id_at_ix on message (workspace_id, at);
create index message_workspace_id_thread_id_at_ix on message (workspace_id, thread_id, at);

create table note (
  workspace_id uuid not null,
  id uuid not null,
  text text not null,
  user_id uuid not null,
  at timestamptz not null,
  constraint note_pk primary key (workspace_id, id),
  constraint note_workspace_id_user_id_fk
    foreign key(workspace_id, user_id) references "user" (workspace_id, id)
    deferrable initially deferred
);

create table sign_in (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token bytea not null,
  agent text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  constraint sign_in_pk primary key (workspace_id, id),
  constraint sign_in_workspace_id_user_id_fk
    foreign key(workspace_id, user_id) references "user" (workspace_id, id) on delete cascade
    deferrable initially deferred
);

create table stage (
  workspace_id uuid not null,
  id uuid not null,
  pipeline_id uuid not null,
  name text not null,
  position smallint not null,
  probability smallint not null,
  outcome smallint not null,
  constraint stage_pk primary key (workspace_id, id),
  constraint stage_workspace_id_pipeline_id_name_uq unique (workspace_id, pipeline_id, name),
  constraint stage_workspace_id_pipeline_id_fk
    foreign key(workspace_id, pipeline_id) references pipeline (workspace_id, id) on delete cascade
    deferrable initially deferred
);

create table activity (
  workspace_id uuid not null,
  id uuid not null,
  kind smallint not null,
  at timestamptz not null,
  summary text not null,
  message_id uuid,
  thread_id uuid,
  user_id uuid,
  constraint activity_pk primary key (workspace_id, id),
  constraint activity_workspace_id_thread_id_fk
    foreign key(workspace_id, thread_id) references thread (workspace_id, id)
    deferrable initially deferred,
  constraint activity_workspace_id_message_id_fk
    foreign key(workspace_id, message_id) references message (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint activity_workspace_id_user_id_fk
    foreign key(workspace_id, user_id) references "user" (workspace_id, id) on delete set null (user_id)
    deferrable initially deferred,
  constraint activity_workspace_id_fk
    foreign key(workspace_id) references workspace (id)
    deferrable initially deferred
);
create index activity_workspace_id_message_id_ix on activity (workspace_id, message_id);
create index activity_workspace_id_thread_id_ix on activity (workspace_id, thread_id);

create table attachment (
  workspace_id uuid not null,
  message_id uuid not null,
  position smallint not null,
  section text not null,
  filename text not null,
  content_type text not null,
  size bigint not null,
  content_id text not null,
  inline boolean not null,
  constraint attachment_pk primary key (workspace_id, message_id, position),
  constraint attachment_workspace_id_message_id_fk
    foreign key(workspace_id, message_id) references message (workspace_id, id) on delete cascade
    deferrable initially deferred
);

create table contact_address (
  workspace_id uuid not null,
  email text not null,
  contact_id uuid not null,
  position integer not null,
  constraint contact_address_pk primary key (workspace_id, email),
  constraint contact_address_workspace_id_contact_id_fk
    foreign key(workspace_id, contact_id) references contact (workspace_id, id) on delete cascade
    deferrable initially deferred
);
create index contact_address_workspace_id_contact_id_ix on contact_address (workspace_id, contact_id);

create table deal (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  pipeline_id uuid not null,
  stage_id uuid not null,
  outcome smallint not null,
  amount bigint not null,
  currency text not null,
  closes_on date,
  owner_id uuid not null,
  company_id uuid,
  made_at timestamptz not null,
  stage_since timestamptz not null,
  constraint deal_pk primary key (workspace_id, id),
  constraint deal_workspace_id_pipeline_id_fk
    foreign key(workspace_id, pipeline_id) references pipeline (workspace_id, id)
    deferrable initially deferred,
  constraint deal_workspace_id_stage_id_fk
    foreign key(workspace_id, stage_id) references stage (workspace_id, id)
    deferrable initially deferred,
  constraint deal_workspace_id_owner_id_fk
    foreign key(workspace_id, owner_id) references "user" (workspace_id, id)
    deferrable initially deferred,
  constraint deal_workspace_id_company_id_fk
    foreign key(workspace_id, company_id) references company (workspace_id, id) on delete set null (company_id)
    deferrable initially deferred
);
create index deal_workspace_id_company_id_ix on deal (workspace_id, company_id);
create index deal_workspace_id_owner_id_outcome_ix on deal (workspace_id, owner_id, outcome);
create index deal_workspace_id_stage_id_ix on deal (workspace_id, stage_id);

create table folder (
  workspace_id uuid not null,
  id uuid not null,
  mailbox_id uuid not null,
  name text not null,
  role text not null,
  uidvalidity bigint not null,
  modseq bigint,
  skips text not null,
  trouble text not null,
  server bigint not null,
  pending bigint not null,
  stray bigint not null,
  compared_at timestamptz,
  resets integer not null,
  constraint folder_pk primary key (workspace_id, id),
  constraint folder_workspace_id_mailbox_id_name_uq unique (workspace_id, mailbox_id, name),
  constraint folder_workspace_id_mailbox_id_fk
    foreign key(workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
    deferrable initially deferred
)
 with (fillfactor = 85);

create table inbox_thread (
  workspace_id uuid not null,
  mailbox_id uuid not null,
  thread_id uuid not null,
  last_at timestamptz not null,
  last_message_id uuid not null,
  messages integer not null,
  unseen integer not null,
  turn smallint not null,
  shares smallint,
  constraint inbox_thread_pk primary key (workspace_id, mailbox_id, thread_id),
  constraint inbox_thread_workspace_id_mailbox_id_fk
    foreign key(workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint inbox_thread_workspace_id_thread_id_fk
    foreign key(workspace_id, thread_id) references thread (workspace_id, id)
    deferrable initially deferred
);
create index inbox_thread_workspace_id_mailbox_id_last_at_thread_id_ix on inbox_thread (workspace_id, mailbox_id, last_at, thread_id);
create index inbox_thread_workspace_id_mailbox_id_turn_last_at_thread_id_ix on inbox_thread (workspace_id, mailbox_id, turn, last_at, thread_id);
create index inbox_thread_workspace_id_thread_id_ix on inbox_thread (workspace_id, thread_id);

create table lifecycle_step (
  workspace_id uuid not null,
  contact_id uuid not null,
  at timestamptz not null,
  lifecycle text not null,
  constraint lifecycle_step_pk primary key (workspace_id, contact_id, at, lifecycle),
  constraint lifecycle_step_workspace_id_contact_id_fk
    foreign key(workspace_id, contact_id) references contact (workspace_id, id) on delete cascade
    deferrable initially deferred
);

create table message_body (
  workspace_id uuid not null,
  message_id uuid not null,
  text text not null,
  new_text text not null,
  html text not null,
  constraint message_body_pk primary key (workspace_id, message_id),
  constraint message_body_workspace_id_message_id_fk
    foreign key(workspace_id, message_id) references message (workspace_id, id) on delete cascade
    deferrable initially deferred
);

create table participant (
  workspace_id uuid not null,
  message_id uuid not null,
  position smallint not null,
  role smallint not null,
  email text not null,
  name text not null,
  contact_id uuid,
  constraint participant_pk primary key (workspace_id, message_id, position),
  constraint participant_workspace_id_message_id_fk
    foreign key(workspace_id, message_id) references message (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint participant_workspace_id_contact_id_fk
    foreign key(workspace_id, contact_id) references contact (workspace_id, id) on delete set null (contact_id)
    deferrable initially deferred
);
create index participant_workspace_id_contact_id_ix on participant (workspace_id, contact_id);
create index participant_workspace_id_email_ix on participant (workspace_id, email);

create table activity_link (
  workspace_id uuid not null,
  record_id uuid not null,
  audience uuid not null,
  at timestamptz not null,
  activity_id uuid not null,
  record smallint not null,
  rule smallint not null,
  since timestamptz not null,
  constraint activity_link_pk primary key (workspace_id, record_id, audience, at, activity_id),
  constraint activity_link_workspace_id_activity_id_fk
    foreign key(workspace_id, activity_id) references activity (workspace_id, id) on delete cascade
    deferrable initially deferred
);
create index activity_link_workspace_id_activity_id_ix on activity_link (workspace_id, activity_id);

create table copy (
  workspace_id uuid not null,
  folder_id uuid not null,
  uidvalidity bigint not null,
  uid bigint not null,
  mailbox_id uuid not null,
  state smallint not null,
  rule text not null,
  message_id uuid,
  digest bytea,
  headprint bytea,
  size bigint not null,
  received_at timestamptz not null,
  flags text not null,
  differs boolean not null,
  error text not null,
  attempts smallint not null,
  constraint copy_pk primary key (workspace_id, folder_id, uidvalidity, uid),
  constraint copy_workspace_id_folder_id_fk
    foreign key(workspace_id, folder_id) references folder (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint copy_workspace_id_message_id_fk
    foreign key(workspace_id, message_id) references message (workspace_id, id)
    deferrable initially deferred
);
create index copy_workspace_id_folder_id_state_rule_ix on copy (workspace_id, folder_id, state, rule);
create index copy_workspace_id_message_id_ix on copy (workspace_id, message_id);

create table deal_contact (
  workspace_id uuid not null,
  deal_id uuid not null,
  contact_id uuid not null,
  role text not null,
  constraint deal_contact_pk primary key (workspace_id, deal_id, contact_id),
  constraint deal_contact_workspace_id_deal_id_fk
    foreign key(workspace_id, deal_id) references deal (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint deal_contact_workspace_id_contact_id_fk
    foreign key(workspace_id, contact_id) references contact (workspace_id, id) on delete cascade
    deferrable initially deferred
);
create index deal_contact_workspace_id_contact_id_ix on deal_contact (workspace_id, contact_id);

create table deal_move (
  workspace_id uuid not null,
  id uuid not null,
  deal_id uuid not null,
  from_stage_id uuid,
  stage_id uuid not null,
  user_id uuid not null,
  at timestamptz not null,
  constraint deal_move_pk primary key (workspace_id, id),
  constraint deal_move_workspace_id_deal_id_fk
    foreign key(workspace_id, deal_id) references deal (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint deal_move_workspace_id_stage_id_fk
    foreign key(workspace_id, stage_id) references stage (workspace_id, id)
    deferrable initially deferred,
  constraint deal_move_workspace_id_from_stage_id_fk
    foreign key(workspace_id, from_stage_id) references stage (workspace_id, id)
    deferrable initially deferred,
  constraint deal_move_workspace_id_user_id_fk
    foreign key(workspace_id, user_id) references "user" (workspace_id, id)
    deferrable initially deferred
);
create index deal_move_workspace_id_deal_id_at_ix on deal_move (workspace_id, deal_id, at);

create table deal_thread (
  workspace_id uuid not null,
  deal_id uuid not null,
  thread_id uuid not null,
  rule smallint not null,
  since timestamptz not null,
  constraint deal_thread_pk primary key (workspace_id, deal_id, thread_id),
  constraint deal_thread_workspace_id_deal_id_fk
    foreign key(workspace_id, deal_id) references deal (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint deal_thread_workspace_id_thread_id_fk
    foreign key(workspace_id, thread_id) references thread (workspace_id, id)
    deferrable initially deferred
);
create index deal_thread_workspace_id_thread_id_ix on deal_thread (workspace_id, thread_id);

create table stretch (
  workspace_id uuid not null,
  id uuid not null,
  mailbox_id uuid not null,
  folder_id uuid not null,
  uidvalidity bigint not null,
  first bigint not null,
  last bigint,
  cursor bigint not null,
  rank bigint not null,
  epoch integer not null,
  tries smallint not null,
  suspect bigint,
  leased_until timestamptz,
  done boolean not null,
  constraint stretch_pk primary key (workspace_id, id),
  constraint stretch_workspace_id_mailbox_id_fk
    foreign key(workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
    deferrable initially deferred,
  constraint stretch_workspace_id_folder_id_fk
    foreign key(workspace_id, folder_id) references folder (workspace_id, id) on delete cascade
    deferrable initially deferred
);
create index stretch_workspace_id_mailbox_id_done_ix on stretch (workspace_id, mailbox_id, done);

create table task (
  workspace_id uuid not null,
  id uuid not null,
  title text not null,
  due_on date,
  priority smallint not null,
  assignee_id uuid not null,
  made_by_id uuid not null,
  contact_id uuid,
  deal_id uuid,
  thread_id uuid,
  message_id uuid,
  made_at timestamptz not null,
  done_at timestamptz,
  constraint task_pk primary key (workspace_id, id),
  constraint task_workspace_id_assignee_id_fk
    foreign key(workspace_id, assignee_id) references "user" (workspace_id, id)
    deferrable initially deferred,
  constraint task_workspace_id_made_by_id_fk
    foreign key(workspace_id, made_by_id) references "user" (workspace_id, id)
    deferrable initially deferred,
  constraint task_workspace_id_contact_id_fk
    foreign key(workspace_id, contact_id) references contact (workspace_id, id) on delete set null (contact_id)
    deferrable initially deferred,
  constraint task_workspace_id_deal_id_fk
    foreign key(workspace_id, deal_id) references deal (workspace_id, id) on delete set null (deal_id)
    deferrable initially deferred,
  constraint task_workspace_id_thread_id_fk
    foreign key(workspace_id, thread_id) references thread (workspace_id, id)
    deferrable initially deferred
);
create index task_assignee_ix on task (workspace_id, assignee_id, due_on) where done_at is null;
create index task_contact_ix on task (workspace_id, contact_id, due_on) where done_at is null;
create index task_deal_ix on task (workspace_id, deal_id, due_on) where done_at is null;
create index task_thread_ix on task (workspace_id, thread_id, due_on) where done_at is null;
