/* The tokeniser, and a hash table with open addressing whose texts lie one behind the other. Knows nothing of processes:
 * indexer and merger both have it inside. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* Lower case, or 0 for what is no letter. By hand: the locale must not matter. */
static char letter (char c)
{
    if (c >= 'a' && c <= 'z')
        return c;
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : 0;
}

bool words_next (const char **at_p, const char *end, const char **out_word, size_t *out_size)
{
    const char *at = *at_p;
    while (at < end && !letter (*at))
        at++;
    *out_word = at;
    while (at < end && letter (*at))
        at++;
    *out_size = (size_t)(at - *out_word);
    *at_p = at;
    return *out_size > 0;
}

void words_deinit (words_t *self)
{
    free (self->words);
    free (self->slots);
    free (self->text);
    *self = (words_t){ 0 };
}

const char *words_text (const words_t *self, size_t number)
{
    return self->text + self->words[number].at;
}

/* FNV-1a. */
static uint64_t hash_of (const char *word, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)letter (word[i])) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

static bool is_word (const words_t *self, size_t number, uint64_t hash, const char *word, size_t size)
{
    const word_t *have = &self->words[number];
    if (have->hash != hash || have->size != size)
        return false;
    const char *text = words_text (self, number);
    for (size_t i = 0; i < size; i++)
        if (text[i] != letter (word[i]))
            return false;
    return true;
}

/* Where the word is, or would be. */
static uint32_t *slot_of (const words_t *self, uint64_t hash, const char *word, size_t size)
{
    size_t at = hash & (self->slot_count - 1);
    while (self->slots[at] && !is_word (self, self->slots[at] - 1, hash, word, size))
        at = (at + 1) & (self->slot_count - 1);
    return &self->slots[at];
}

static bool grow_slots (words_t *self)
{
    size_t count = self->slot_count ? 2 * self->slot_count : 256;
    uint32_t *slots = count < UINT32_MAX ? calloc (count, sizeof *slots) : NULL;
    if (!slots)
        return false;
    for (size_t number = 0; number < self->count; number++) {
        size_t at = self->words[number].hash & (count - 1);
        while (slots[at])
            at = (at + 1) & (count - 1);
        slots[at] = (uint32_t)number + 1;
    }
    free (self->slots);
    self->slots = slots;
    self->slot_count = count;
    return true;
}

/* Room for one word more of this size, in all three arrays. */
static bool reserve (words_t *self, size_t size)
{
    if (4 * (self->count + 1) > 3 * self->slot_count && !grow_slots (self))
        return false;
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? 2 * self->capacity : 128;
        word_t *words = realloc (self->words, capacity * sizeof *words);
        if (!words)
            return false;
        self->words = words;
        self->capacity = capacity;
    }
    if (self->text_capacity - self->text_size <= size) {
        size_t capacity = 2 * self->text_capacity + size + 1024;
        char *text = realloc (self->text, capacity);
        if (!text)
            return false;
        self->text = text;
        self->text_capacity = capacity;
    }
    return true;
}

size_t words_find (const words_t *self, const char *word, size_t size)
{
    uint32_t found = self->slot_count ? *slot_of (self, hash_of (word, size), word, size) : 0;
    return found ? found - 1 : WORDS_NONE;
}

size_t words_number (words_t *self, const char *word, size_t size)
{
    uint64_t hash = hash_of (word, size);
    uint32_t found = self->slot_count ? *slot_of (self, hash, word, size) : 0;
    if (found)
        return found - 1;
    if (!reserve (self, size))
        return WORDS_NONE;
    char *text = self->text + self->text_size;
    for (size_t i = 0; i < size; i++)
        text[i] = letter (word[i]);
    text[size] = '\0';
    *slot_of (self, hash, word, size) = (uint32_t)self->count + 1;
    self->words[self->count] = (word_t){ .hash = hash, .at = self->text_size, .size = size };
    self->text_size += size + 1;
    return self->count++;
}

bool words_count (words_t *self, const char *text, size_t size)
{
    const char *at = text, *word;
    size_t length;
    while (words_next (&at, text + size, &word, &length)) {
        size_t number = words_number (self, word, length);
        if (number == WORDS_NONE)
            return false;
        self->words[number].count++;
    }
    return true;
}
