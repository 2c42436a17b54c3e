#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    std::vector<int> arrivals(n), departures(n);
    for (int i = 0; i < n; ++i)
        if (std::scanf("%d %d", &arrivals[i], &departures[i]) != 2) return 1;
    std::sort(arrivals.begin(), arrivals.end());
    std::sort(departures.begin(), departures.end());
    int gone = 0, most = 0;
    for (int here = 0; here < n; ++here) {
        while (departures[gone] <= arrivals[here]) ++gone;
        most = std::max(most, here + 1 - gone);
    }
    std::printf("%d\n", most);
}
