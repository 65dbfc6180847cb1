/* Parses signatures. A far_signature_t owns its texts and the encoded defaults, and never changes once it is made, so
 * that any thread may use it. Knows nothing of classes and calls. */
#include "object/signature.h"
#include "object/shape.h"
#include "base/error.h"
#include "wire/literal.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct parser {
    const char *text, *at;
    far_signature_t *signature;
} parser_t;

static bool refuse (const parser_t *self, const char *why)
{
    far_fail (FAR_E_BAD_ARGUMENTS, "signature \"%s\", character %td: %s", self->text, self->at - self->text + 1, why);
    return false;
}

static bool no_memory (void)
{
    far_fail (FAR_E_NO_MEMORY, "no memory for a signature");
    return false;
}

static void skip_blanks (parser_t *self)
{
    while (*self->at == ' ' || *self->at == '\t' || *self->at == '\n')
        self->at++;
}

static bool parse_name (parser_t *self, far_parameter_t *out)
{
    const char *start = self->at;
    while (isalnum ((unsigned char)*self->at) || *self->at == '_')
        self->at++;
    if (self->at == start || isdigit ((unsigned char)*start)) {
        self->at = start;
        return refuse (self, "the name of a parameter is missing");
    }
    size_t size = (size_t)(self->at - start);
    for (size_t i = 0; i + 1 < self->signature->count; i++) {
        const char *other = self->signature->parameters[i].name;
        if (strlen (other) == size && !memcmp (other, start, size)) {
            self->at = start;
            return refuse (self, "there is a parameter of this name already");
        }
    }
    out->name = strndup (start, size);
    return out->name ? true : no_memory ();
}

static bool parse_shape (parser_t *self, char **out)
{
    const char *bad;
    size_t size = far_shape_size (self->at, &bad);
    if (!size) {
        self->at = bad;
        return refuse (self, "here should be one of the letters n b i l u f s y t P O v, or [x], or {xy}");
    }
    *out = strndup (self->at, size);
    if (!*out)
        return no_memory ();
    self->at += size;
    return true;
}

/* A method could not tell nil from a value where the letter has no room for it. */
static bool check_default (parser_t *self, const far_parameter_t *parameter)
{
    if (parameter->takes_nil)
        return strchr ("nsyPOv[{", parameter->shape[0]) ||
               refuse (self, "nil can be the default of s, y, P, O, v, [x] and {xy} only");
    far_reader_t in = { parameter->fallback, parameter->fallback + parameter->fallback_size };
    far_mismatch_t mismatch;
    return far_shape_check (parameter->shape, false, &in, &mismatch) ||
           refuse (self, "the default is not of the parameter's type");
}

static bool parse_fallback (parser_t *self, far_parameter_t *parameter)
{
    const char *why = "no memory for a default";
    far_buffer_t buffer = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &buffer);
    size_t size = far_literal_write (&writer, self->at, &why);
    bool written = size && !far_writer_status (&writer);
    far_writer_deinit (&writer);
    parameter->fallback = buffer.data;
    parameter->fallback_size = buffer.size;
    if (!written)
        return refuse (self, why);
    far_item_t item;
    far_reader_t in = { buffer.data, buffer.data + buffer.size };
    parameter->takes_nil = far_read (&in, &item) && item.type == FAR_TYPE_NIL;
    if (!check_default (self, parameter))
        return false;
    self->at += size;
    return true;
}

static bool parse_parameter (parser_t *self)
{
    far_signature_t *signature = self->signature;
    far_parameter_t *parameters = realloc (signature->parameters, (signature->count + 1) * sizeof *parameters);
    if (!parameters)
        return no_memory ();
    signature->parameters = parameters;
    far_parameter_t *parameter = &parameters[signature->count++];
    *parameter = (far_parameter_t){ 0 };
    if (!parse_name (self, parameter))
        return false;
    skip_blanks (self);
    if (*self->at != ':')
        return refuse (self, "here should be a ':' and a letter");
    self->at++;
    skip_blanks (self);
    if (!parse_shape (self, &parameter->shape))
        return false;
    skip_blanks (self);
    if (*self->at == '=') {
        self->at++;
        skip_blanks (self);
        return parse_fallback (self, parameter);
    }
    if (signature->count > 1 && parameter[-1].fallback)
        return refuse (self, "a parameter without a default stands behind one that has one");
    return true;
}

static bool parse_result (parser_t *self)
{
    if (*self->at == '\0') {
        self->signature->result = strdup ("n");
        return self->signature->result ? true : no_memory ();
    }
    if (strncmp (self->at, "->", 2))
        return refuse (self, "here should be ',' or '->' or the end");
    self->at += 2;
    skip_blanks (self);
    if (!parse_shape (self, &self->signature->result))
        return false;
    skip_blanks (self);
    return *self->at == '\0' || refuse (self, "here should be the end");
}

static bool parse (parser_t *self)
{
    skip_blanks (self);
    bool more = *self->at && *self->at != '-';
    while (more) {
        if (!parse_parameter (self))
            return false;
        skip_blanks (self);
        more = *self->at == ',';
        self->at += more;
        skip_blanks (self);
    }
    return parse_result (self);
}

far_signature_t *far_signature_new (const char *text)
{
    far_signature_t *self = calloc (1, sizeof *self);
    if (!self) {
        no_memory ();
        return NULL;
    }
    parser_t parser = { .text = text ? text : "", .signature = self };
    parser.at = parser.text;
    if (!parse (&parser))
        far_signature_destroy (&self);
    return self;
}

void far_signature_destroy (far_signature_t **self_p)
{
    if (!self_p || !*self_p)
        return;
    far_signature_t *self = *self_p;
    *self_p = NULL;
    for (size_t i = 0; i < self->count; i++) {
        free (self->parameters[i].name);
        free (self->parameters[i].shape);
        free (self->parameters[i].fallback);
    }
    free (self->parameters);
    free (self->result);
    free (self);
}
