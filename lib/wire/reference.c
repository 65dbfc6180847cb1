/* References in bodies: reading and writing the array that speaks of one. Options go by their names, and a value that is
 * one of several by its name too, so that a line of a trace can be read. Owns nothing. */
#include "wire/reference.h"

#include <string.h>

/* One option to its value on the wire. */
static void write_option (far_writer_t *out, const far_option_row_t *row, int value)
{
    far_write_string (out, row->name, strlen (row->name));
    if (row->kind == FAR_OPTION_OF_CHOICES)
        far_write_string (out, row->choices[value], strlen (row->choices[value]));
    else if (row->kind == FAR_OPTION_OF_BOOL)
        far_write_bool (out, value);
    else
        far_write_int (out, value);
}

static size_t count_options (const far_options_t *options)
{
    size_t count = 0;
    int value;
    for (unsigned i = FAR_OPTION_END + 1; options && i < FAR_OPTION_COUNT; i++)
        count += far_options_get (options, (far_option_t)i, &value);
    return count;
}

/* Another thread may be setting them: what is written is a copy. */
static void write_options (far_writer_t *out, const far_options_t *options)
{
    far_write_map (out, count_options (options));
    int value;
    for (unsigned i = FAR_OPTION_END + 1; i < FAR_OPTION_COUNT; i++)
        if (far_options_get (options, (far_option_t)i, &value))
            write_option (out, far_option_row ((far_option_t)i), value);
}

void far_reference_write_content (far_writer_t *out, size_t index, const char *class_name, const char *path,
                                  const far_options_t *options)
{
    far_options_t now;
    size_t count = *path ? 3 : *class_name ? 2 : 1;
    if (options) {
        far_options_copy (&now, options);
        count = count_options (&now) ? 4 : count;
    }
    far_write_list (out, count);
    far_write_uint (out, index);
    if (count > 1)
        far_write_string (out, class_name, strlen (class_name));
    if (count > 2)
        far_write_string (out, path, strlen (path));
    if (count > 3)
        write_options (out, &now);
}

/* The value on the wire as one of the option's; false if it is none. */
static bool option_value (const far_option_row_t *row, const far_item_t *item, int64_t *out)
{
    static const far_type_t types[] = { [FAR_OPTION_OF_CHOICES] = FAR_TYPE_STRING,
                                        [FAR_OPTION_OF_BOOL] = FAR_TYPE_BOOL,
                                        [FAR_OPTION_OF_MS] = FAR_TYPE_INT,
                                        [FAR_OPTION_OF_SUM] = FAR_TYPE_INT };
    if (item->type != types[row->kind])
        return false;
    if (row->kind != FAR_OPTION_OF_CHOICES) {
        *out = row->kind == FAR_OPTION_OF_BOOL ? item->boolean : item->integer;
        return far_option_fits (row, *out);
    }
    for (*out = 0; *out <= row->most; ++*out)
        if (far_text_equals (item->text, row->choices[*out]))
            return true;
    return false;
}

/* Reads one entry. *out is FAR_OPTION_COUNT for what no reference carries: that is passed over. */
static bool read_option (far_reader_t *in, far_option_t *out, int64_t *out_value)
{
    far_item_t name;
    if (!far_read (in, &name) || name.type != FAR_TYPE_STRING)
        return false;
    *out = far_option_find (name.text.data, name.text.size);
    if (*out == FAR_OPTION_COUNT || !(far_option_row (*out)->levels & FAR_LEVEL_OBJECT)) {
        *out = FAR_OPTION_COUNT;
        return far_skip (in);
    }
    far_item_t value;
    return far_read (in, &value) && option_value (far_option_row (*out), &value, out_value);
}

/* At the fourth element: a map of options. */
static bool read_options (far_reader_t *in, far_reference_t *out)
{
    far_item_t map;
    if (!far_read (in, &map) || map.type != FAR_TYPE_MAP)
        return false;
    out->options = *in;
    out->option_count = map.count;
    far_option_t option;
    int64_t value;
    for (size_t i = 0; i < map.count; i++)
        if (!read_option (in, &option, &value))
            return false;
    return true;
}

bool far_reference_read (const far_item_t *item, far_reference_t *out)
{
    if (item->type != FAR_TYPE_REFERENCE || item->ext != FAR_EXT_REFERENCE)
        return false;
    const char *why;
    const uint8_t *content = (const uint8_t *)item->text.data;
    far_reader_t in = { content, content + item->text.size };
    far_item_t list, index, text;
    if (!far_scan (content, item->text.size, &why) || !far_read (&in, &list) || list.type != FAR_TYPE_LIST ||
        list.count < 1 || list.count > 4 || !far_read (&in, &index) || index.type != FAR_TYPE_INT || index.integer < 0)
        return false;
    far_reference_t read = { .index = (uint64_t)index.integer, .class_name = { "", 0 }, .path = { "", 0 } };
    far_text_t *texts[] = { &read.class_name, &read.path };
    for (size_t i = 0; i < 2 && i + 1 < list.count; i++) {
        if (!far_read (&in, &text) || text.type != FAR_TYPE_STRING)
            return false;
        *texts[i] = text.text;
    }
    if (list.count == 4 && !read_options (&in, &read))
        return false;
    *out = read;
    return true;
}

void far_reference_apply_options (const far_reference_t *reference, far_options_t *onto)
{
    far_reader_t in = reference->options;
    far_option_t option;
    int64_t value;
    for (size_t i = 0; i < reference->option_count; i++)
        if (read_option (&in, &option, &value) && option != FAR_OPTION_COUNT)
            far_options_default (onto, option, value);
}
