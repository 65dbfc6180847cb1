/* Reads the words of a command line as values: jansson parses, the tagged objects of json.h are one table. */
#include "json.h"
#include "base64.h"
#include "moment.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    char *problem;
    size_t problem_size;
} reader_t;

static far_value_t *from_json (reader_t *self, json_t *json);

static far_value_t *from_binary (reader_t *self, json_t *json)
{
    (void)self;
    size_t size = json_string_length (json), found_size;
    uint8_t *bytes = malloc (BASE64_SIZE_MAX (size) + 1);
    far_value_t *value = NULL;
    if (bytes && json_is_string (json) && base64_read (json_string_value (json), size, bytes, &found_size)) {
        far_bytes_t found = { bytes, found_size };
        value = far_value_new ("y", &found);
    }
    free (bytes);
    return value;
}

static far_value_t *from_time (reader_t *self, json_t *json)
{
    (void)self;
    struct timespec moment;
    return json_is_string (json) && moment_read (json_string_value (json), &moment) ? far_value_new ("t", &moment)
                                                                                    : NULL;
}

static far_value_t *from_digits (const char *text)
{
    char *end;
    errno = 0;
    uint64_t number = strtoull (text, &end, 10);
    return !errno && isdigit ((unsigned char)*text) && !*end ? far_value_new ("u", number) : NULL;
}

static far_value_t *from_uint (reader_t *self, json_t *json)
{
    (void)self;
    return json_is_string (json) ? from_digits (json_string_value (json)) : NULL;
}

static far_value_t *from_float (reader_t *self, json_t *json)
{
    (void)self;
    static const struct {
        const char *name;
        double number;
    } known[] = { { "nan", NAN }, { "inf", INFINITY }, { "-inf", -INFINITY } };
    for (size_t i = 0; json_is_string (json) && i < sizeof known / sizeof *known; i++)
        if (!strcmp (json_string_value (json), known[i].name))
            return far_value_new ("f", known[i].number);
    return NULL;
}

static far_value_t *from_map (reader_t *self, json_t *json)
{
    far_value_t *map = json_is_array (json) ? far_value_map () : NULL;
    for (size_t i = 0; map && i < json_array_size (json); i++) {
        json_t *pair = json_array_get (json, i);
        bool is_pair = json_is_array (pair) && json_array_size (pair) == 2;
        far_value_t *key = is_pair ? from_json (self, json_array_get (pair, 0)) : NULL;
        far_value_t *item = key ? from_json (self, json_array_get (pair, 1)) : NULL;
        if (!item) /* what is wrong inside is what there is to say */
            far_value_destroy (&key);
        if (!item || far_value_put (map, &key, &item))
            far_value_destroy (&map);
    }
    return map;
}

static far_value_t *refuse (reader_t *self, json_t *json)
{
    (void)self;
    (void)json;
    return NULL;
}

static const struct tag {
    const char *name, *takes;
    far_value_t *(*read) (reader_t *self, json_t *json);
} tags[] = {
    { "$binary", "base64", from_binary },
    { "$time", "a time like 2026-01-01T00:00:00.123Z, or @SECONDS", from_time },
    { "$uint", "decimal digits, of 64 bits at most", from_uint },
    { "$float", "nan, inf or -inf", from_float },
    { "$map", "a list of pairs [key, value]", from_map },
    { "$proxy", "nothing: a reference can't be given, only printed", refuse },
};

/* Keeps the first problem: it is the innermost one. */
static far_value_t *fail (reader_t *self, const char *what, const char *takes)
{
    if (!*self->problem)
        snprintf (self->problem, self->problem_size, "%s takes %s", what, takes);
    return NULL;
}

static far_value_t *from_tagged (reader_t *self, const char *name, json_t *content)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (strcmp (name, tags[i].name))
            continue;
        far_value_t *value = tags[i].read (self, content);
        return value ? value : fail (self, name, tags[i].takes);
    }
    if (!*self->problem)
        snprintf (self->problem, self->problem_size,
                  "there is no tag '%s'; as a key it is written {\"$map\": [[\"%s\", ...]]}", name, name);
    return NULL;
}

static far_value_t *from_object (reader_t *self, json_t *json)
{
    void *at = json_object_iter (json);
    if (json_object_size (json) == 1 && *json_object_iter_key (at) == '$')
        return from_tagged (self, json_object_iter_key (at), json_object_iter_value (at));
    far_value_t *map = far_value_map ();
    for (; map && at; at = json_object_iter_next (json, at)) {
        const char *name = json_object_iter_key (at);
        far_value_t *item = from_json (self, json_object_iter_value (at));
        far_value_t *key = item ? far_value_string (name, strlen (name)) : NULL;
        if (!item || far_value_put (map, &key, &item))
            far_value_destroy (&map);
    }
    return map;
}

static far_value_t *from_array (reader_t *self, json_t *json)
{
    far_value_t *list = far_value_list ();
    for (size_t i = 0; list && i < json_array_size (json); i++) {
        far_value_t *item = from_json (self, json_array_get (json, i));
        if (!item || far_value_append (list, &item))
            far_value_destroy (&list);
    }
    return list;
}

static far_value_t *from_json (reader_t *self, json_t *json)
{
    switch (json_typeof (json)) {
    case JSON_OBJECT:
        return from_object (self, json);
    case JSON_ARRAY:
        return from_array (self, json);
    case JSON_STRING:
        return far_value_string (json_string_value (json), json_string_length (json));
    case JSON_INTEGER:
        return far_value_new ("l", (int64_t)json_integer_value (json));
    case JSON_REAL:
        return far_value_new ("f", json_real_value (json));
    case JSON_TRUE:
        return far_value_new ("b", 1);
    case JSON_FALSE:
        return far_value_new ("b", 0);
    case JSON_NULL:
        break;
    }
    return far_value_new ("n");
}

/* A word that jansson did not take: a string, unless somebody meant it to be JSON. */
static far_value_t *from_word (reader_t *self, const char *word, const json_error_t *error)
{
    if (json_error_code (error) == json_error_numeric_overflow) {
        far_value_t *value = from_digits (word);
        return value ? value : fail (self, "a number", "64 bits at most (greater than 63: {\"$uint\": \"...\"})");
    }
    if (!strchr ("{[\"", *word) || !*word)
        return far_value_string (word, strlen (word));
    snprintf (self->problem, self->problem_size, "it begins like JSON, but: %s at character %d", error->text,
              error->position);
    return NULL;
}

far_value_t *json_read_word (const char *word, char *problem, size_t problem_size)
{
    reader_t reader = { problem, problem_size };
    json_error_t error;
    *problem = '\0';
    json_t *json = json_loads (word, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    far_value_t *value = json ? from_json (&reader, json) : from_word (&reader, word, &error);
    json_decref (json);
    if (!value && !*problem)
        snprintf (problem, problem_size, "%s", far_error_message (far_last_error ()));
    return value;
}
