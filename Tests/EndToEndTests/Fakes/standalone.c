// A stand-in for TensorBoard that needs nothing but a kernel: answers 200 to whatever it is asked at --port, until
// SIGTERM ends it.
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **words) {
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static const char line[] = "serving\n";
    int port = 6006;
    for (int i = 1; i + 1 < count; i++) {
        if (strcmp(words[i], "--port") == 0) port = atoi(words[i + 1]);
    }
    int server = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 16) != 0) return 1;
    if (write(1, line, sizeof line - 1) < 0) return 2;
    for (;;) {
        char request[4096];
        int connection = accept(server, NULL, NULL);
        if (connection == -1) continue;
        if (read(connection, request, sizeof request) > 0 && write(connection, answer, sizeof answer - 1) < 0) return 3;
        close(connection);
    }
}
