# What the gate decides of one job. Everything in here is data: nothing of it is ever run, and no regular expression is
# asked, since not every jq has them. For jq 1.5 and later.
#
# $job     what BUILDKITE_ENV_JSON_FILE held, in a list: one object of names and strings
# $policy  what the policy keeper has verified, in a list
# $host    /etc/bridle/gate.json, in a list: for which queue this host is, whatever a job or a policy says
# $now     by the clock of this host, as in 2026-11-28T12:00:00Z
# $id      the job that the agent runs this for
#
# One line: what is decided, by which rule, what was seen, and the lines of the files that would allow it. Of variables
# it says names only, but for those that say which build it is.

# --- words ---

def is_text: type == "string" and . != "";
def is_texts: type == "array" and length > 0 and all(.[]; is_text);
def has_only(names): type == "object" and (keys - names) == [];

# Whether a text has no other characters than these: a list less a list is quick, where comparisons take long to read in.
def is_of($characters): is_text and (explode - ($characters | explode)) == [];
def digits: "0123456789";
def are_digits: is_of(digits);
def are_hex: is_of(digits + "abcdef");
def letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
def is_time:
  is_text and (explode | map(if 48 <= . and . <= 57 then 48 else . end) | implode) == "0000-00-00T00:00:00Z";
def is_name: is_of(letters + digits + "_") and (.[0:1] | are_digits | not);
def capped: if length > 160 then .[0:160] + "..." else . end;

# What a reader of bytes puts where it could not read them: who knows what stood there.
def is_mangled: any(explode[]; . == 65533);

# --- the policy ---

def is_about($name): has_only([$name, "uuid"]) and (.[$name] | is_text) and (.uuid | is_text);

def is_pipeline:
  has_only(["branches", "commands", "creator_teams", "environment", "plugins", "pull_requests", "repository", "role",
    "roles", "slug", "sources", "tags", "triggered_by", "uuid"])
  and (.slug | is_text) and (.uuid | is_text) and (.repository | is_text)
  and (. as $it
    | all(["branches", "commands", "creator_teams", "environment", "plugins", "roles", "sources", "tags", "triggered_by"][];
        . as $list | ($it | has($list) | not) or ($it[$list] | is_texts)))
  and ((has("role") | not) or (.role | is_text))
  and ((has("pull_requests") | not) or .pull_requests == "own" or .pull_requests == "forks");

def are_once(of): length == (map(of) | unique | length);

# Whether all of a policy is known here. What is not might take something away again.
def is_understood:
  has_only(["checks", "cluster", "expires_at", "format", "issued_at", "mode", "organization", "pipelines", "queue", "serial"])
  and .format == "bridle.gate/1"
  and (.organization | is_about("slug")) and (.cluster | is_about("name")) and (.queue | is_about("key"))
  and (.mode == "observe" or .mode == "warn" or .mode == "block")
  and (.serial | type == "number" and . >= 1)
  and ((has("checks") | not) or (.checks | is_texts and (. - ["ancestor", "identity", "metadata"]) == []))
  and (.issued_at | is_time) and ((has("expires_at") | not) or (.expires_at | is_time))
  and (.pipelines | type == "array" and all(.[]; is_pipeline) and are_once(.uuid) and are_once(.slug));

# --- what is compared ---

# What stands before the first of a separator, and after it.
def halves($at):
  split($at) as $parts
  | if ($parts | length) < 2 then null else [$parts[0], .[(($parts[0] | length) + ($at | length)):]] end;

# A star is any run of characters, a slash too; all else stands for itself, and the whole name has to fit.
def is_like($pattern):
  . as $name
  | ($pattern | split("*")) as $parts
  | if ($parts | length) < 2 then $name == $pattern
    elif $name | startswith($parts[0]) | not then false
    else
      reduce $parts[1:-1][] as $part ($name[($parts[0] | length):];
        if . == null or $part == "" then . else halves($part) | if . == null then null else .[1] end end)
      | . != null and endswith($parts[-1])
    end;

def is_one_of($patterns):
  . as $name
  | any($patterns[] | select(startswith("!") | not); . as $one | $name | is_like($one))
  and (any($patterns[] | select(startswith("!")) | .[1:]; . as $one | $name | is_like($one)) | not);

def without_slashes: if endswith("/") then .[0:-1] | without_slashes else . end;
def without_first_slashes: if startswith("/") then .[1:] | without_first_slashes else . end;

# Letters, digits, and what else may stand before a host. Where others end the host, readers do not agree.
def is_plain_authority: . == "" or is_of(letters + digits + ":@[]!$%&~'()*+,-._;=");

# Where a repository is: its host and path, and whether the way there is one that others can change on the way. By ssh as
# git, and by https, that is all that counts; as anybody else, who that is decides where a path leads, and it counts as it
# is written: /srv/web is not srv/web, which begins where that user is at home.
def where_it_is:
  halves("://") as $url
  | (if $url != null then
      ($url[1] | halves("/")) as $parts
      | if $parts == null then null
        else {scheme: ($url[0] | ascii_downcase), authority: $parts[0], path: $parts[1], whole: ("/" + $parts[1])} end
    else halves(":") as $short
      | if $short == null or ($short[0] | contains("/")) then null
        else {scheme: "ssh", authority: $short[0], path: ($short[1] | without_first_slashes), whole: $short[1]} end
    end)
  | if . == null then null
    else ({ssh: ":22", https: ":443", http: ":80", git: ":9418"}[.scheme]) as $port
      | if $port == null or (.authority | startswith("-") or (is_plain_authority | not)) then null
        else (.authority | split("@")) as $names
          | ($names | last // "" | ascii_downcase | rtrimstr($port)) as $host
          | ($names[0:-1] | join("@")) as $user
          | if $host == "" or ($host | startswith("-")) then null
            elif .scheme == "ssh" and $user != "git" then {user: $user, host: $host, path: .whole}
            else {
              plain: (.scheme == "http" or .scheme == "git"),
              host: $host,
              path: (.path | without_slashes | rtrimstr(".git") | without_slashes)
            } end
        end
    end;

def is_same_repository($other):
  . == $other or (where_it_is as $here | $here != null and $here == ($other | where_it_is));

# A repository without what could be a password.
def shown:
  halves("://") as $url
  | if $url == null then .
    else $url[0] + "://" + ($url[1] | halves("/") as $parts
      | if $parts == null then . else ($parts[0] | split("@") | last // "") + "/" + $parts[1] end)
    end;

# A plugin as an agent names it when it has looked where it comes from.
def whole_plugin:
  if startswith("/") or startswith(".") or startswith("\\") or (halves("://") != null) then .
  else (halves("#") // [., ""]) as $parts
    | ($parts[0] | split("/")) as $path
    | if ($path | length) == 1 then "github.com/buildkite-plugins/" + $path[0] + "-buildkite-plugin#" + $parts[1]
      elif ($path | length) == 2 then "github.com/" + $parts[0] + "-buildkite-plugin#" + $parts[1]
      else . end
  end;

# --- names of variables ---

# What Buildkite sets, by Buildkite's own list. What the agent sets itself on the way to the job is not in the file.
def buildkites:
  ("AGENT_CACHE_STORE_URL AGENT_ID AGENT_NAME ARTIFACT_PATHS BRANCH BUILD_AUTHOR BUILD_AUTHOR_EMAIL BUILD_CREATOR "
    + "BUILD_CREATOR_EMAIL BUILD_CREATOR_TEAMS BUILD_ID BUILD_NUMBER BUILD_URL CLUSTER_ID CLUSTER_NAME COMMAND COMMIT "
    + "COMPUTE_TYPE GITHUB_ACTION GITHUB_COMMENT_ID GITHUB_DEPLOYMENT_ENVIRONMENT GITHUB_DEPLOYMENT_ID "
    + "GITHUB_DEPLOYMENT_PAYLOAD GITHUB_DEPLOYMENT_TASK GITHUB_EVENT GITHUB_REVIEW_ID GROUP_ID GROUP_KEY GROUP_LABEL "
    + "JOB_ID LABEL MERGE_QUEUE_BASE_BRANCH MERGE_QUEUE_BASE_COMMIT MESSAGE ORGANIZATION_ID ORGANIZATION_SLUG "
    + "PARALLEL_JOB PARALLEL_JOB_COUNT PIPELINE_DEFAULT_BRANCH PIPELINE_ID PIPELINE_NAME PIPELINE_PROVIDER "
    + "PIPELINE_SLUG PIPELINE_TEAMS PLUGINS PROJECT_PROVIDER PROJECT_SLUG PULL_REQUEST PULL_REQUEST_BASE_BRANCH "
    + "PULL_REQUEST_DRAFT PULL_REQUEST_LABELS PULL_REQUEST_REPO REBUILT_FROM_BUILD_ID REBUILT_FROM_BUILD_NUMBER REPO "
    + "RETRY_COUNT RETRY_TYPE SCRIPT_PATH SOURCE STEP_ID STEP_IDENTIFIER STEP_KEY TAG TIMEOUT TRIGGERED_FROM_BUILD_ID "
    + "TRIGGERED_FROM_BUILD_NUMBER TRIGGERED_FROM_BUILD_PIPELINE_SLUG UNBLOCKER UNBLOCKER_EMAIL UNBLOCKER_ID "
    + "UNBLOCKER_TEAMS"
    | split(" ") | map({key: ("BUILDKITE_" + .), value: true}) | from_entries)
  + {CI: true, BUILDKITE: true};

# Variables that people do not write and that say what happens anyway: at these values they open nothing.
def harmless: {
  BUILDKITE_CLEAN_CHECKOUT: ["true"],
  BUILDKITE_GIT_REMOTE_MIRROR_URL: [""],
  BUILDKITE_GIT_SUBMODULES: ["false"],
  BUILDKITE_PLUGINS_ALWAYS_CLONE_FRESH: ["true"],
  BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC: ["false"],
  BUILDKITE_REFSPEC: [""]
};

# Names that decide what code runs, or where it is fetched from: no policy lets them in.
def is_code:
  . as $name
  | (["BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "IFS", "CDPATH", "GLOBIGNORE", "PATH", "HOME",
      "TMPDIR", "GCONV_PATH", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "BUILDKITE_SHELL", "BUILDKITE_BOOTSTRAP_PHASES",
      "BUILDKITE_BUILD_CHECKOUT_PATH", "BUILDKITE_REFSPEC", "BUILDKITE_SKIP_CHECKOUT", "BUILDKITE_CLEAN_CHECKOUT"]
      | any(.[]; . == $name))
    or any(["XDG_", "LD_", "DYLD_", "GIT_", "SSH_", "AWS_", "DOCKER_", "BASH_FUNC_", "PYTHON", "PERL", "RUBY",
        "BUILDKITE_GIT_", "BUILDKITE_PLUGIN", "BUILDKITE_HOOKS_", "BUILDKITE_AGENT_", "BUILDKITE_NO_"][];
        . as $start | $name | startswith($start))
    or ($name | ascii_upcase | endswith("_PROXY"))
    or ($name | startswith("BUILDKITE_") and endswith("CHECKOUT"));

# --- the rules, in the order in which they are asked ---

def no($rule; $saw): {rule: $rule, saw: ($saw | capped)};
def no($rule; $saw; $key; $value): no($rule; $saw) + {key: $key, value: ($value | capped)};
def unless(is; otherwise): if is then empty else otherwise end;

def about_the_policy($host; $now):
  unless(is_understood; no("policy"; "a policy of another version"))
  , unless(.organization.uuid == $host.organization and .cluster.uuid == $host.cluster and .queue.uuid == $host.queue;
      no("policy"; "the policy of queue " + .cluster.name + "/" + .queue.key))
  , unless($now >= .issued_at; no("clock"; $now))
  , unless((has("expires_at") | not) or $now < .expires_at; no("expired"; .expires_at));

# What a job says of itself under a name: where it says nothing, it is not known.
def told($name): .["BUILDKITE_" + $name] // "";

def about_the_job($policy; $id):
  ($policy.queue.key) as $queue
  | unless(told("JOB_ID") == $id; no("job-file"; "the variables of another job"))
  , unless(told("ORGANIZATION_ID") == $policy.organization.uuid; no("organization"; told("ORGANIZATION_SLUG")))
  , unless(told("ORGANIZATION_SLUG") == $policy.organization.slug; no("organization"; told("ORGANIZATION_SLUG")))
  , unless((has("BUILDKITE_CLUSTER_ID") | not) or told("CLUSTER_ID") == $policy.cluster.uuid;
      no("cluster"; told("CLUSTER_NAME")))
  , unless(told("AGENT_META_DATA_QUEUE") == $queue; no("queue"; told("AGENT_META_DATA_QUEUE")));

def about_the_variables($it):
  buildkites as $known
  | harmless as $harmless
  | . as $job
  | keys[]
  | . as $name
  | $job[$name] as $value
  | if $name | is_name | not then no("environment"; "a name that is none: " + $name)
    elif $known[$name] == true or ($name | startswith("BUILDKITE_AGENT_META_DATA_")) then empty
    elif any($harmless[$name] // [] | .[]; . == $value) then empty
    elif $name | is_code then no("code"; $name)
    else unless(any($it.environment // [] | .[]; . == $name); no("environment"; $name; "environment"; $name)) end;

def about_the_pull_request($it):
  told("PULL_REQUEST") as $number
  | told("PULL_REQUEST_REPO") as $from
  | if $number == "false" then
      unless($from == ""; no("pull-request"; "no pull request, and the repository of one"))
    elif $number | are_digits | not then no("pull-request"; $number)
    elif $it.pull_requests == null then no("pull-request"; "#" + $number; "pull_requests"; "own")
    elif $it.pull_requests == "forks" then empty
    else unless($from | is_same_repository($it.repository); no("pull-request"; "#" + $number + " from " + ($from | shown)))
    end;

def about_the_branch($it):
  told("BRANCH") as $branch
  | told("TAG") as $tag
  | if $branch | is_mangled then no("branch"; $branch)
    elif $tag == "" then unless($branch | is_one_of($it.branches // []); no("branch"; $branch; "branches"; $branch))
    elif $tag != $branch then no("tag"; $tag + " on branch " + $branch)
    else unless($tag | is_one_of($it.tags // []); no("tag"; $tag; "tags"; $tag)) end;

def about_the_source($it):
  told("SOURCE") as $source
  | told("TRIGGERED_FROM_BUILD_PIPELINE_SLUG") as $parent
  # Somebody rebuilds by hand, and nobody knows whether Buildkite says so or what started the first.
  | (told("REBUILT_FROM_BUILD_ID") != "") as $is_rebuilt
  | unless(any($it.sources // [] | .[]; . == $source); no("source"; $source; "sources"; $source))
  , unless(($is_rebuilt | not) or any($it.sources // [] | .[]; . == "ui" or . == "api");
      no("source"; "a rebuild"; "sources"; "ui"))
  , if $source == "trigger_job" then
      unless(any($it.triggered_by // [] | .[]; . == $parent); no("trigger"; $parent; "triggered_by"; $parent))
    else unless($parent == ""; no("trigger"; $parent + ", by source " + $source)) end
  # Who is told to have made a build is known for these; of the others it is whatever a commit says.
  , if $it.creator_teams != null and ($source == "ui" or $source == "api" or $is_rebuilt) then
      (told("BUILD_CREATOR_TEAMS") | split(":")) as $teams
      | unless(any($it.creator_teams[]; . as $team | any($teams[]; . == $team)); no("creator"; told("BUILD_CREATOR_TEAMS")))
    else empty end;

def about_the_plugins($it):
  told("PLUGINS") as $text
  | if $text == "" then empty
    else ($text | try fromjson catch 0) as $plugins
      | if $plugins == null then empty
        elif $plugins | type != "array" then no("plugins"; "a list that can't be read")
        else $plugins[]
          | (if type == "string" then . elif type == "object" and length == 1 then keys[0] else "" end) as $plugin
          | if $plugin == "" then no("plugins"; "a list that can't be read")
            else ($plugin | whole_plugin) as $whole
              | unless(any($it.plugins // [] | .[]; . == $whole); no("plugins"; $whole; "plugins"; $whole)) end
        end
    end;

def about_the_code($it):
  unless(told("REPO") | is_same_repository($it.repository); no("repository"; told("REPO") | shown))
  , about_the_source($it)
  , about_the_pull_request($it)
  , about_the_branch($it)
  , (told("COMMIT") as $commit
    | unless(($commit | are_hex) and (($commit | length) == 40 or ($commit | length) == 64); no("commit"; $commit)))
  , about_the_plugins($it)
  , (if $it.commands == null then empty
    else told("COMMAND") as $command | unless(any($it.commands[]; . == $command); no("command"; "another command")) end);

def about_the_pipeline($policy):
  told("PIPELINE_ID") as $uuid
  | told("PIPELINE_SLUG") as $slug
  | ([$policy.pipelines[] | select(.uuid == $uuid)] | first) as $it
  | if $it == null then no("pipeline"; $slug)
    elif $it.slug != $slug then no("pipeline"; $slug + ", which was " + $it.slug)
    else about_the_code($it), about_the_variables($it) end;

# --- the answer ---

def first_of(all): [limit(1; all)] | .[0];

($job | if length == 1 and (.[0] | type == "object" and all(.[]; type == "string")) then .[0] else null end) as $job
| ($policy | if length == 1 and (.[0] | type == "object") then .[0] else {} end) as $policy
| ($host | if length == 1 and (.[0] | type == "object") then .[0] else {} end) as $host
| first_of(
    ($policy | about_the_policy($host; $now))
    , (if $job == null then no("job-file"; "no object of texts") else empty end)
    , ($job | about_the_job($policy; $id), about_the_pipeline($policy))
  ) as $no
| {
    gate: "bridle/1",
    decision: (if $no == null then "accept" else "refuse" end),
    mode: ($policy.mode // $host.mode // "block"),
    rule: $no.rule,
    saw: $no.saw,
    key: $no.key,
    value: $no.value,
    queue: (($policy.cluster.name? // "") + "/" + ($policy.queue.key? // "")),
    serial: $policy.serial,
    pipeline: (($job // {}) | told("PIPELINE_SLUG") | capped),
    build: (($job // {}) | told("BUILD_URL") | capped),
    agent: (($job // {}) | told("AGENT_NAME") | capped),
    job: $id
  }
  # What decides as well, and is not in these files.
  + (if $no == null and $policy.checks != null then {checks: $policy.checks} else {} end)
