/* Our scan and reader beside msgpack-c's unpacker, on many inputs: random bytes, and valid bodies with a few bytes
 * changed. Where the rules are the same they must agree, on what is valid and on what it says. */
#include "fixture.h"

#include <msgpack.h>

#define INPUTS 150000
#define MOST   96

static void random_value (far_writer_t *out, uint64_t *seed, int depth)
{
    uint64_t r = next_random (seed);
    char text[] = "h\xc3\xa9llo, wire";
    switch ((r >> 8) % (depth < 3 ? 10 : 8)) {
    case 0:
        far_write_nil (out);
        break;
    case 1:
        far_write_bool (out, r >> 60 & 1);
        break;
    case 2:
        far_write_int (out, (int64_t)next_random (seed) >> (r >> 16) % 64);
        break;
    case 3:
        far_write_uint (out, next_random (seed) >> (r >> 16) % 64);
        break;
    case 4:
        far_write_float (out, (double)(int64_t)next_random (seed) / 1024);
        break;
    case 5:
        far_write_string (out, text, (r >> 20) % 2 ? 1 : sizeof text - 1);
        break;
    case 6:
        far_write_binary (out, &r, (r >> 20) % 8);
        break;
    case 7:
        far_write_time (out,
                        (struct timespec){ (time_t)(next_random (seed) >> (r >> 20) % 60), (long)(r >> 35) % 1000 });
        break;
    default: {
        size_t count = (r >> 30) % 4;
        bool is_map = (r >> 40) % 2;
        is_map ? far_write_map (out, count) : far_write_list (out, count);
        for (size_t i = 0; i < (is_map ? 2 * count : count); i++)
            random_value (out, seed, depth + 1);
    }
    }
}

static size_t random_bytes (uint8_t *out, uint64_t *seed)
{
    size_t size = next_random (seed) % 12;
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(next_random (seed) >> 17);
    return size;
}

static size_t mutated_body (uint8_t *out, uint64_t *seed)
{
    far_buffer_t body = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &body);
    random_value (&writer, seed, 0);
    size_t size = body.size < MOST ? body.size : MOST;
    memcpy (out, body.data, size);
    far_writer_deinit (&writer);
    far_buffer_deinit (&body);
    for (uint64_t changes = next_random (seed) % 3; changes && size; changes--) {
        uint64_t r = next_random (seed);
        if (r >> 62)
            out[(r >> 8) % size] = (uint8_t)(r >> 32);
        else
            size = (r >> 8) % (size + 1);
    }
    return size;
}

/* Would msgpack-c allocate much before it sees that the items are missing? */
static bool is_hungry (const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] >= 0xdc && data[i] <= 0xdf)
            for (size_t j = 1; j <= 2 && i + j < size; j++)
                if (data[i + j] > (data[i] & 1 ? 0 : 8))
                    return true;
    return false;
}

/* The rules that only we have. */
static bool is_ours (const char *why)
{
    return strstr (why, "UTF-8") || strstr (why, "ext type") || strstr (why, "timestamp") || strstr (why, "nested");
}

static void assert_same (far_reader_t *in, const msgpack_object *object)
{
    far_item_t item;
    assert_true (far_read (in, &item));
    switch (object->type) {
    case MSGPACK_OBJECT_NIL:
        assert_int_equal (item.type, FAR_TYPE_NIL);
        break;
    case MSGPACK_OBJECT_BOOLEAN:
        assert_int_equal (item.type, FAR_TYPE_BOOL);
        assert_int_equal (item.boolean, object->via.boolean);
        break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        assert_int_equal (item.type, object->via.u64 > INT64_MAX ? FAR_TYPE_UINT : FAR_TYPE_INT);
        assert_int_equal (item.natural, object->via.u64);
        break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        assert_int_equal (item.type, FAR_TYPE_INT);
        assert_int_equal (item.integer, object->via.i64);
        break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        assert_int_equal (item.type, FAR_TYPE_FLOAT);
        assert_true (memcmp (&item.real, &object->via.f64, sizeof (double)) == 0 || item.real != item.real);
        break;
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
        assert_int_equal (item.type, object->type == MSGPACK_OBJECT_STR ? FAR_TYPE_STRING : FAR_TYPE_BINARY);
        assert_int_equal (item.text.size, object->via.str.size);
        if (item.text.size)
            assert_ptr_equal (item.text.data, object->via.str.ptr);
        break;
    case MSGPACK_OBJECT_ARRAY:
        assert_int_equal (item.type, FAR_TYPE_LIST);
        assert_int_equal (item.count, object->via.array.size);
        for (size_t i = 0; i < item.count; i++)
            assert_same (in, &object->via.array.ptr[i]);
        break;
    case MSGPACK_OBJECT_MAP:
        assert_int_equal (item.type, FAR_TYPE_MAP);
        assert_int_equal (item.count, object->via.map.size);
        for (size_t i = 0; i < item.count; i++) {
            assert_same (in, &object->via.map.ptr[i].key);
            assert_same (in, &object->via.map.ptr[i].val);
        }
        break;
    case MSGPACK_OBJECT_EXT:
        if (object->via.ext.type == -1) {
            msgpack_timestamp theirs;
            assert_int_equal (item.type, FAR_TYPE_TIME);
            assert_true (msgpack_object_to_timestamp (object, &theirs));
            assert_int_equal (item.time.tv_sec, theirs.tv_sec);
            assert_int_equal (item.time.tv_nsec, theirs.tv_nsec);
            break;
        }
        assert_int_equal (item.type, FAR_TYPE_REFERENCE);
        assert_int_equal (item.ext, object->via.ext.type);
        assert_int_equal (item.text.size, object->via.ext.size);
        break;
    default:
        fail ();
    }
}

static void both_agree (void **state)
{
    (void)state;
    uint64_t seed = 0x9e3779b97f4a7c15;
    size_t compared = 0, valid = 0, refused = 0, stricter = 0;
    for (int i = 0; i < INPUTS; i++) {
        uint8_t data[MOST];
        size_t size = i % 3 == 0 ? random_bytes (data, &seed) : mutated_body (data, &seed), offset = 0;
        const char *why = "";
        bool ours = far_scan (data, size, &why);
        if (is_hungry (data, size))
            continue;
        compared++;
        msgpack_unpacked unpacked;
        msgpack_unpacked_init (&unpacked);
        bool theirs = msgpack_unpack_next (&unpacked, (const char *)data, size, &offset) == MSGPACK_UNPACK_SUCCESS &&
                      offset == size;
        if (ours) {
            assert_true (theirs);
            far_reader_t in = { data, data + size }, skipped = in;
            assert_same (&in, &unpacked.data);
            assert_ptr_equal (in.position, in.end);
            assert_true (far_skip (&skipped));
            assert_ptr_equal (skipped.position, skipped.end);
            valid++;
        } else if (theirs) {
            assert_true (is_ours (why));
            stricter++;
        } else {
            refused++;
        }
        msgpack_unpacked_destroy (&unpacked);
    }
    /* Each way to agree was taken often, or the inputs were no test. */
    assert_true (compared > 100000);
    assert_true (valid > 20000);
    assert_true (refused > 20000);
    assert_true (stricter > 500);
}

int main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (both_agree) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
