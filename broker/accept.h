/* Running out of file descriptors without ending. */
#ifndef BROKER_ACCEPT_H
#define BROKER_ACCEPT_H

/* Keeps a descriptor in reserve, with which a connection can be turned away when there is none left. */
void accept_reserve (void);

#endif
