/* Loads an HTTP server on this machine, and serves as the app behind it: what Benchmarks/door.py measures with.
 *
 *     load requests PORT PATH CONNECTIONS SECONDS   GETs without pause: requests a second, p50 and p99 in µs
 *     load download PORT PATH                       one GET: bytes and seconds
 *     load upload PORT PATH BYTES                   one POST: bytes and seconds
 *     load echo PORT PATH COUNT                     64 bytes back and forth by one websocket: p50 and p99 in µs
 *     load hold PORT PATH COUNT                     opens websockets, says "open", and holds them until stdin ends
 *     load serve PORT                               the app: …/large is 1 GiB long, a POST is swallowed, an upgrade echoes
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 1 << 18, MOST = 4096, FRAME = 64 };
static const long long LARGE = 1LL << 30;
static char piece[PIECE];

static void fail(const char *format, ...) {
    va_list words;
    va_start(words, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, words);
    fputc('\n', stderr);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static struct sockaddr_in address(int port) {
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int open_connection(int port) {
    struct sockaddr_in place = address(port);
    int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(descriptor, (struct sockaddr *)&place, sizeof place)) fail("cannot connect to port %d: %s", port, strerror(errno));
    return descriptor;
}

static void send_all(int descriptor, const char *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) fail("cannot send: %s", strerror(errno));
        bytes += sent;
        count -= sent;
    }
}

/* How far an HTTP message has come. */
struct message {
    size_t held;
    long long left;     /* of the body; -1 within the head; -2 until the connection closes or "0\r\n\r\n" */
    int closes;
    char head[8192];
};

static const char *field(const char *head, const char *name) {
    const char *found = strcasestr(head, name);
    return found ? found + strlen(name) : NULL;
}

/* Takes bytes of a response; returns whether it is complete. Nothing may follow it. */
static int take(struct message *message, const char *bytes, size_t count) {
    if (message->left == -1) {
        size_t room = sizeof message->head - 1 - message->held, part = count < room ? count : room;
        memcpy(message->head + message->held, bytes, part);
        message->held += part;
        message->head[message->held] = 0;
        char *end = strstr(message->head, "\r\n\r\n");
        if (!end) {
            if (part < count) fail("the head of a response is too long");
            return 0;
        }
        size_t body = message->held - (end + 4 - message->head) + (count - part);
        end[2] = 0;
        if (strncmp(message->head + 9, "200", 3)) fail("not 200: %.60s", message->head);
        const char *length = field(message->head, "\r\ncontent-length:");
        message->closes = field(message->head, "\r\nconnection: close") != NULL;
        message->left = length ? atoll(length) : -2;
        message->held = 0;
        bytes += count - body;
        count = body;
    }
    if (message->left >= 0) return (message->left -= count) <= 0;
    return count >= 5 && !memcmp(bytes + count - 5, "0\r\n\r\n", 5);
}

static int by_size(const void *one, const void *other) {
    float a = *(const float *)one, b = *(const float *)other;
    return (a > b) - (a < b);
}

static void print_ranks(float *times, size_t count) {
    qsort(times, count, sizeof *times, by_size);
    printf("%.1f %.1f\n", times[count / 2], times[count * 99 / 100]);
}

struct client {
    int descriptor;
    double sent;
    struct message message;
};

static void ask(struct client *client, const char *request, size_t size) {
    client->message.left = -1;
    client->message.held = 0;
    client->sent = now();
    send_all(client->descriptor, request, size);
}

static void requests(int port, const char *path, int connections, double seconds) {
    static struct client clients[MOST];
    size_t count = 0, room = 1 << 20;
    float *times = malloc(room * sizeof *times);
    char request[2048];
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, port);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    for (int index = 0; index < connections; index++) clients[index].descriptor = -1;
    double begin = now(), end = begin + seconds;
    for (int index = 0; index < connections; index++) {
        struct client *client = &clients[index];
        client->descriptor = open_connection(port);
        epoll_ctl(poll, EPOLL_CTL_ADD, client->descriptor, &(struct epoll_event){.events = EPOLLIN, .data.ptr = client});
        ask(client, request, size);
    }
    while (now() < end) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, 1000);
        for (int index = 0; index < ready; index++) {
            struct client *client = events[index].data.ptr;
            ssize_t got = recv(client->descriptor, piece, PIECE, 0);
            int is_complete = got > 0 && take(&client->message, piece, got);
            if (got <= 0 && client->message.left != -2) fail("the connection ended before the response");
            if (got > 0 && !is_complete) continue;
            if (count == room) times = realloc(times, (room *= 2) * sizeof *times);
            times[count++] = (now() - client->sent) * 1e6;
            if (got <= 0 || client->message.closes) {
                close(client->descriptor);
                client->descriptor = open_connection(port);
                epoll_ctl(poll, EPOLL_CTL_ADD, client->descriptor, &(struct epoll_event){.events = EPOLLIN, .data.ptr = client});
            }
            ask(client, request, size);
        }
    }
    if (!count) fail("no response");
    printf("%.1f ", count / (now() - begin));
    print_ranks(times, count);
}

static void wait_for_response(int descriptor) {
    static struct message message;
    message = (struct message){.left = -1};
    ssize_t got;
    while ((got = recv(descriptor, piece, PIECE, 0)) > 0)
        if (take(&message, piece, got)) return;
    if (message.left != -2) fail("the connection ended %lld bytes before the response did", message.left);
}

static void download(int port, const char *path) {
    char request[2048];
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, port);
    int descriptor = open_connection(port);
    double begin = now();
    send_all(descriptor, request, size);
    wait_for_response(descriptor);
    printf("%lld %.6f\n", LARGE, now() - begin);
}

static void upload(int port, const char *path, long long bytes) {
    char request[2048];
    int size = snprintf(
        request, sizeof request, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %lld\r\n\r\n", path, port, bytes);
    int descriptor = open_connection(port);
    double begin = now();
    send_all(descriptor, request, size);
    for (long long left = bytes; left > 0; left -= PIECE) send_all(descriptor, piece, left < PIECE ? left : PIECE);
    wait_for_response(descriptor);
    printf("%lld %.6f\n", bytes, now() - begin);
}

static int open_websocket(int port, const char *path) {
    char text[8192];
    int size = snprintf(
        text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", path, port);
    int descriptor = open_connection(port);
    send_all(descriptor, text, size);
    size_t held = 0;
    do {
        ssize_t got = recv(descriptor, text + held, sizeof text - 1 - held, 0);
        if (got <= 0) fail("the connection ended before the 101");
        held += got;
        text[held] = 0;
    } while (!strstr(text, "\r\n\r\n"));
    if (strncmp(text + 9, "101", 3)) fail("not 101: %.60s", text);
    return descriptor;
}

/* A masked binary frame with 58 bytes, which is 64 in all. */
static void echo(int port, const char *path, int count) {
    char frame[FRAME] = {(char)0x82, (char)(0x80 | (FRAME - 6))}, back[FRAME];
    int descriptor = open_websocket(port, path);
    float *times = malloc(count * sizeof *times);
    for (int number = 0; number < count; number++) {
        double begin = now();
        send_all(descriptor, frame, FRAME);
        for (size_t held = 0; held < FRAME;) {
            ssize_t got = recv(descriptor, back + held, FRAME - held, 0);
            if (got <= 0) fail("the websocket ended");
            held += got;
        }
        times[number] = (now() - begin) * 1e6;
    }
    print_ranks(times, count);
}

static void hold(int port, const char *path, int count) {
    for (int number = 0; number < count; number++) {
        int descriptor = open_websocket(port, path);
        send_all(descriptor, piece, FRAME);
        for (size_t held = 0; held < FRAME;) {
            ssize_t got = recv(descriptor, piece, FRAME - held, 0);
            if (got <= 0) fail("the websocket ended");
            held += got;
        }
    }
    puts("open");
    fflush(stdout);
    while (getchar() != EOF) continue;
}

/* The app. */

struct served {
    int descriptor;
    enum { HEAD, BODY, LARGE_BODY, ECHO } phase;
    long long left;
    size_t held;
    char *head; /* while it is read */
};

static const char OK[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

static int reply(const struct served *served, const char *bytes, size_t count) {
    return send(served->descriptor, bytes, count, MSG_NOSIGNAL) == (ssize_t)count;
}

/* Returns whether the connection goes on. */
static int answer(int poll, struct served *served, size_t end) {
    size_t rest = served->held - end;
    served->head[end - 1] = 0;
    const char *length = field(served->head, "\r\ncontent-length:");
    int is_large = strstr(served->head, "/large HTTP") != NULL, is_upgrade = strcasestr(served->head, "\r\nupgrade:") != NULL;
    served->held = 0;
    if (is_upgrade) {
        static const char SWITCH[] = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                     "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";
        served->phase = ECHO;
        free(served->head);
        served->head = NULL;
        return reply(served, SWITCH, sizeof SWITCH - 1);
    } else if (length && (served->left = atoll(length) - (long long)rest) > 0) {
        served->phase = BODY;
    } else if (is_large) {
        char head[100];
        int size = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %lld\r\n\r\n", LARGE);
        served->phase = LARGE_BODY;
        served->left = LARGE;
        epoll_ctl(poll, EPOLL_CTL_MOD, served->descriptor, &(struct epoll_event){.events = EPOLLOUT, .data.ptr = served});
        return reply(served, head, size);
    } else {
        return reply(served, OK, sizeof OK - 1);
    }
    return 1;
}

static int go_on(int poll, struct served *served) {
    if (served->phase == LARGE_BODY) {
        size_t size = served->left < PIECE ? served->left : PIECE;
        ssize_t sent = send(served->descriptor, piece, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) return sent < 0 && errno == EAGAIN;
        if ((served->left -= sent) == 0) {
            served->phase = HEAD;
            epoll_ctl(poll, EPOLL_CTL_MOD, served->descriptor, &(struct epoll_event){.events = EPOLLIN, .data.ptr = served});
        }
        return 1;
    }
    if (served->phase == HEAD) {
        if (!served->head) served->head = malloc(65536);
        ssize_t got = recv(served->descriptor, served->head + served->held, 65535 - served->held, 0);
        if (got <= 0) return 0;
        served->held += got;
        served->head[served->held] = 0;
        char *end = strstr(served->head, "\r\n\r\n");
        return end ? answer(poll, served, end + 4 - served->head) : served->held < 65535;
    }
    ssize_t got = recv(served->descriptor, piece, PIECE, 0);
    if (got <= 0) return 0;
    if (served->phase == ECHO) {
        return reply(served, piece, got);
    }
    if ((served->left -= got) > 0) return 1;
    served->phase = HEAD;
    return reply(served, OK, sizeof OK - 1);
}

static void serve(int port) {
    struct sockaddr_in place = address(port);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), poll = epoll_create1(EPOLL_CLOEXEC);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&place, sizeof place) || listen(listener, 1024))
        fail("cannot listen at port %d: %s", port, strerror(errno));
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
    while (1) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, -1);
        for (int index = 0; index < ready; index++) {
            struct served *served = events[index].data.ptr;
            if (!served) {
                served = calloc(1, sizeof *served);
                served->descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
                if (served->descriptor < 0) fail("cannot accept: %s", strerror(errno));
                setsockopt(served->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                epoll_ctl(poll, EPOLL_CTL_ADD, served->descriptor, &(struct epoll_event){.events = EPOLLIN, .data.ptr = served});
            } else if (!go_on(poll, served)) {
                close(served->descriptor);
                free(served->head);
                free(served);
            }
        }
    }
}

int main(int count, char **words) {
    const char *what = count > 2 ? words[1] : "";
    int port = count > 2 ? atoi(words[2]) : 0;
    if (!strcmp(what, "serve") && count == 3) serve(port);
    else if (!strcmp(what, "requests") && count == 6) requests(port, words[3], atoi(words[4]) < MOST ? atoi(words[4]) : MOST, atof(words[5]));
    else if (!strcmp(what, "download") && count == 4) download(port, words[3]);
    else if (!strcmp(what, "upload") && count == 5) upload(port, words[3], atoll(words[4]));
    else if (!strcmp(what, "echo") && count == 5) echo(port, words[3], atoi(words[4]));
    else if (!strcmp(what, "hold") && count == 5) hold(port, words[3], atoi(words[4]));
    else fail("see the comment at the top of load.c");
    return 0;
}
