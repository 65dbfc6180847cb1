/* The command line of far-actor. */
#ifndef FAR_ACTOR_OPTIONS_H
#define FAR_ACTOR_OPTIONS_H

#include <farcall.h>

typedef struct options {
    far_actor_options_t actor; /* offers is the list below */
    far_offer_t *offers;       /* modules by their paths; ends with { 0 }; owned */
    size_t offer_count;
    const char *fleet; /* to join; NULL for none */
    int slots;         /* in it; 0: as many as threads */
    bool verbose;
    bool help;
    bool version;
} options_t;

/* Reads the words of main. false where they can't be understood; it has been said on stderr then. In any case
 * options_deinit cleans up. */
bool options_parse (options_t *out, int argc, char **argv);
void options_deinit (options_t *self);

void options_help (void);

#endif
