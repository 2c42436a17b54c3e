#include <iostream>
#include <thread>
#include <time.h>
#include <vector>
static void work()
{
    timespec t{};
    while (t.tv_sec < 1) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
}
int main()
{
    std::vector<std::thread> all;
    for (int k = 0; k < 4; k++) all.emplace_back(work);
    for (auto &thread : all) thread.join();
}
